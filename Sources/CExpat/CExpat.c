#include "CExpat.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

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
static unsigned long (*p_line)(Parser);
static long (*p_offset)(Parser);
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
  FIND(p_line, "XML_GetCurrentLineNumber")
  FIND(p_offset, "XML_GetCurrentByteIndex")
  FIND(p_words, "XML_ErrorString")
}

const char *cexpat_open(void) {
  pthread_once(&once, open_library);
  return trouble[0] != 0 ? trouble : NULL;
}

struct cexpat_document {
  Parser parser;
  void *context;
  cexpat_start start;
  cexpat_end end;
  cexpat_text text;
  int has_doctype;
  int allows_named_type;
};

static void on_start(void *data, const char *name, const char **attributes) {
  cexpat_document *document = data;
  document->start(document->context, name, attributes);
}
static void on_end(void *data, const char *name) {
  cexpat_document *document = data;
  document->end(document->context, name);
}
static void on_text(void *data, const char *bytes, int count) {
  cexpat_document *document = data;
  document->text(document->context, bytes, count);
}
static void on_doctype(void *data, const char *name, const char *system, const char *public_id,
                       int internal) {
  (void)name, (void)system, (void)public_id;
  cexpat_document *document = data;
  if (document->allows_named_type && !internal) return;
  document->has_doctype = 1;
  p_stop(document->parser, 0);
}

cexpat_document *cexpat_begin(const char *encoding, void *context, cexpat_start start,
                              cexpat_end end, cexpat_text text,
                              int allows_named_type) {
  cexpat_document *document = malloc(sizeof *document);
  if (document == NULL) return NULL;
  *document = (cexpat_document){p_create(encoding), context, start, end, text, 0, allows_named_type};
  if (document->parser == NULL) {
    free(document);
    return NULL;
  }
  p_set_user_data(document->parser, document);
  p_set_elements(document->parser, on_start, on_end);
  p_set_text(document->parser, on_text);
  p_set_doctype(document->parser, on_doctype);
  return document;
}

const char *cexpat_feed(cexpat_document *document, const char *bytes, int count, int last) {
  if (p_parse(document->parser, bytes, count, last) != 0) return NULL;
  if (document->has_doctype) return "it declares a document type, which is not read";
  return p_words(p_error(document->parser));
}

unsigned long cexpat_line(cexpat_document *document) { return p_line(document->parser); }

long cexpat_offset(cexpat_document *document) { return p_offset(document->parser); }

void cexpat_end_document(cexpat_document *document) {
  p_free(document->parser);
  free(document);
}
