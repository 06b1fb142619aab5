#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// One line a function: its name, without the prefix "curl_".
#define FUNCTIONS(each) \
  each(global_init) each(easy_init) each(easy_cleanup) each(easy_strerror) each(easy_setopt) \
  each(easy_getinfo) each(slist_append) each(slist_free_all) each(multi_init) \
  each(multi_cleanup) each(multi_setopt) each(multi_add_handle) each(multi_remove_handle) \
  each(multi_perform) each(multi_poll) each(multi_info_read) each(url) each(url_cleanup) \
  each(url_set) each(url_get) each(free)

// The headers wrap some of these in type-checking macros, which would hide the functions.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define POINTER(name) static __typeof__(&curl_##name) p_##name;
FUNCTIONS(POINTER)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char trouble[256];

static void open_library(void) {
  // Lazily: of what libcurl and its thirty libraries call of each other, a sync needs little.
  void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
  if (library == NULL) {
    const char *words = dlerror();
    snprintf(trouble, sizeof trouble, "%s", words != NULL ? words : "dlopen failed");
    return;
  }
#define FIND(name) \
  p_##name = (__typeof__(p_##name))dlsym(library, "curl_" #name); \
  if (p_##name == NULL) { \
    snprintf(trouble, sizeof trouble, "libcurl.so.4 has no curl_" #name); \
    return; \
  }
  FUNCTIONS(FIND)
  CURLcode code = p_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) snprintf(trouble, sizeof trouble, "%s", p_easy_strerror(code));
}

const char *ccurl_open(void) {
  pthread_once(&once, open_library);
  return trouble[0] != 0 ? trouble : NULL;
}

CURL *ccurl_easy_new(void) { return p_easy_init(); }
void ccurl_easy_free(CURL *handle) { p_easy_cleanup(handle); }
const char *ccurl_easy_words(CURLcode code) { return p_easy_strerror(code); }

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
  return p_easy_setopt(handle, option, value);
}
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return p_easy_setopt(handle, option, value);
}
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
  return p_easy_setopt(handle, option, value);
}
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return p_easy_setopt(handle, option, value);
}
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return p_easy_setopt(handle, option, value);
}
CURLcode ccurl_set_callback(CURL *handle, CURLoption option, ccurl_data_callback value) {
  return p_easy_setopt(handle, option, value);
}

long ccurl_get_long(CURL *handle, CURLINFO info) {
  long value = 0;
  return p_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}
curl_off_t ccurl_get_offset(CURL *handle, CURLINFO info) {
  curl_off_t value = 0;
  return p_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text) {
  return p_slist_append(list, text);
}
void ccurl_list_free(struct curl_slist *list) { p_slist_free_all(list); }

CURLM *ccurl_multi_new(void) { return p_multi_init(); }
void ccurl_multi_free(CURLM *multi) { p_multi_cleanup(multi); }
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return p_multi_setopt(multi, option, value);
}
CURLMcode ccurl_multi_add(CURLM *multi, CURL *handle) { return p_multi_add_handle(multi, handle); }
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *handle) {
  return p_multi_remove_handle(multi, handle);
}
CURLMcode ccurl_multi_perform(CURLM *multi, int *running) { return p_multi_perform(multi, running); }
CURLMcode ccurl_multi_wait(CURLM *multi, int milliseconds) {
  return p_multi_poll(multi, NULL, 0, milliseconds, NULL);
}
ccurl_ended ccurl_multi_ended(CURLM *multi) {
  int left = 0;
  CURLMsg *message;
  while ((message = p_multi_info_read(multi, &left)) != NULL) {
    if (message->msg == CURLMSG_DONE) {
      ccurl_ended ended = {message->easy_handle, message->data.result};
      return ended;
    }
  }
  ccurl_ended nothing = {NULL, CURLE_OK};
  return nothing;
}

CURLU *ccurl_url_new(void) { return p_url(); }
void ccurl_url_free(CURLU *url) { p_url_cleanup(url); }
CURLUcode ccurl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags) {
  return p_url_set(url, part, text, flags);
}
CURLUcode ccurl_url_get(CURLU *url, CURLUPart part, char **text, unsigned int flags) {
  return p_url_get(url, part, text, flags);
}
void ccurl_free(void *memory) { p_free(memory); }
