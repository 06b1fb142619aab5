#include "CLzma.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// lzma/base.h: the reserved members are for later versions of the library, which keep the size.
typedef struct {
  const uint8_t *next_in;
  size_t avail_in;
  uint64_t total_in;
  uint8_t *next_out;
  size_t avail_out;
  uint64_t total_out;
  const void *allocator;
  void *internal;
  void *reserved_pointers[4];
  uint64_t reserved_numbers[2];
  size_t reserved_sizes[2];
  int reserved_enums[2];
} Stream;

enum { run = 0, finish = 3 };                               // lzma_action
enum { ok = 0, stream_end = 1, no_memory = 5, memory_limit = 6, no_progress = 10 };  // lzma_ret
enum { concatenated = 0x08 };

static int (*p_decoder)(Stream *, uint64_t memory, uint32_t flags);
static int (*p_code)(Stream *, int action);
static void (*p_end)(Stream *);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char trouble[256];

static void open_library(void) {
  void *library = dlopen("liblzma.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    const char *words = dlerror();
    snprintf(trouble, sizeof trouble, "%s", words != NULL ? words : "dlopen failed");
    return;
  }
#define FIND(pointer, name) \
  pointer = (__typeof__(pointer))dlsym(library, name); \
  if (pointer == NULL) { \
    snprintf(trouble, sizeof trouble, "liblzma.so.5 has no " name); \
    return; \
  }
  FIND(p_decoder, "lzma_stream_decoder")
  FIND(p_code, "lzma_code")
  FIND(p_end, "lzma_end")
}

const char *clzma_open(void) {
  pthread_once(&once, open_library);
  return trouble[0] != 0 ? trouble : NULL;
}

struct clzma_decoder {
  Stream stream;
};

clzma_decoder *clzma_begin(uint64_t memory) {
  clzma_decoder *decoder = calloc(1, sizeof *decoder);
  if (decoder == NULL) return NULL;
  if (p_decoder(&decoder->stream, memory, concatenated) != ok) {
    clzma_finish(decoder);
    return NULL;
  }
  return decoder;
}

clzma_outcome clzma_read(clzma_decoder *decoder, const uint8_t *in, size_t *in_count, uint8_t *out,
                         size_t *out_count, int last) {
  Stream *stream = &decoder->stream;
  stream->next_in = in;
  stream->avail_in = *in_count;
  stream->next_out = out;
  stream->avail_out = *out_count;
  int result = p_code(stream, last ? finish : run);
  *in_count = stream->avail_in;
  *out_count = stream->avail_out;
  if (result == stream_end) return clzma_end;
  if (result == ok) return clzma_more;
  // Without `last` it means only that there was nothing to do.
  if (result == no_progress) return last ? clzma_damaged : clzma_more;
  return result == no_memory || result == memory_limit ? clzma_memory : clzma_damaged;
}

void clzma_finish(clzma_decoder *decoder) {
  p_end(&decoder->stream);
  free(decoder);
}
