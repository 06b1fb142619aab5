#include "CExpat.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

typedef struct XML_ParserStruct *Parser;
typedef void (*Doctype)(void *, const char *, const char *, const char *, int);

static Parser (*p_create)(const char *encoding);
static void (*p_free)(Parser);
static void (*p_set_user_data)(Parser, void *);
static void (*p_set_elements)(Parser, cexpat_start, cexpat_end);
static void (*p_set_text)(Parser, cexpat_text);
static void (*p_set_doctype)(Parser, Doctype);
static int (*p_stop)(Parser, unsigned char resumable);
static int (*p_parse)(Parser, const char *, int, int last);
static int (*p_error)(Parser);
static const char *(*p_words)(int);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char trouble[256];

static void open_library(void) {
  void *library = dlopen("libexpat.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    const char *words = dlerror();
    snprintf(trouble, sizeof trouble, "%s", words != NULL ? words : "dlopen failed");
    return;
  }
#define FIND(pointer, name) \
  pointer = (__typeof__(pointer))dlsym(library, name); \
  if (pointer == NULL) { \
    snprintf(trouble, sizeof trouble, "libexpat.so.1 has no " name); \
    return; \
  }
  FIND(p_create, "XML_ParserCreate")
  FIND(p_free, "XML_ParserFree")
  FIND(p_set_user_data, "XML_SetUserData")
  FIND(p_set_elements, "XML_SetElementHandler")
  FIND(p_set_text, "XML_SetCharacterDataHandler")
  FIND(p_set_doctype, "XML_SetStartDoctypeDeclHandler")
  FIND(p_stop, "XML_StopParser")
  FIND(p_parse, "XML_Parse")
  FIND(p_error, "XML_GetErrorCode")
  FIND(p_words, "XML_ErrorString")
}

const char *cexpat_open(void) {
  pthread_once(&once, open_library);
  return trouble[0] != 0 ? trouble : NULL;
}

typedef struct {
  Parser parser;
  void *context;
  cexpat_start start;
  cexpat_end end;
  cexpat_text text;
} Handlers;

static void on_start(void *data, const char *name, const char **attributes) {
  Handlers *handlers = data;
  handlers->start(handlers->context, name, attributes);
}
static void on_end(void *data, const char *name) {
  Handlers *handlers = data;
  handlers->end(handlers->context, name);
}
static void on_text(void *data, const char *bytes, int count) {
  Handlers *handlers = data;
  handlers->text(handlers->context, bytes, count);
}
static void on_doctype(void *data, const char *name, const char *system, const char *public_id,
                       int internal) {
  (void)name, (void)system, (void)public_id, (void)internal;
  p_stop(((Handlers *)data)->parser, 0);
}

const char *cexpat_parse(const char *bytes, int count, void *context, cexpat_start start,
                         cexpat_end end, cexpat_text text) {
  Parser parser = p_create(NULL);
  if (parser == NULL) return "out of memory";
  Handlers handlers = {parser, context, start, end, text};
  p_set_user_data(parser, &handlers);
  p_set_elements(parser, on_start, on_end);
  p_set_text(parser, on_text);
  p_set_doctype(parser, on_doctype);
  const char *words = NULL;
  if (p_parse(parser, bytes, count, 1) == 0) words = p_words(p_error(parser));
  p_free(parser);
  return words;
}
