// libcurl, opened with dlopen at first use, and one typed shim for each call that is variadic in C.
//
// Why not linked: loading libcurl and its fifteen libraries costs more than everything else a small
// command does. Why shims: Swift cannot call variadic C functions, and curl_easy_setopt takes a
// long, a curl_off_t, a pointer or a function by the option; a wrong width is silent damage.
//
// Invariant: every function but ccurl_open may only be called after ccurl_open has returned NULL.
#pragma once
#include <curl/curl.h>
#include <stddef.h>

typedef size_t (*ccurl_data_callback)(char *bytes, size_t size, size_t count, void *context);

/// What curl_multi_info_read said; `handle` is NULL when nothing has ended.
typedef struct {
  CURL *handle;
  CURLcode result;
} ccurl_ended;

// Values whose macros hold casts, which Swift does not import.
static const long CCURL_AUTH_NONE = (long)CURLAUTH_NONE;
static const long CCURL_AUTH_BASIC = (long)CURLAUTH_BASIC;
static const long CCURL_AUTH_DIGEST = (long)CURLAUTH_DIGEST;
static const long CCURL_AUTH_BEARER = (long)CURLAUTH_BEARER;
static const long CCURL_NETRC_IGNORED = (long)CURL_NETRC_IGNORED;
static const long CCURL_NETRC_REQUIRED = (long)CURL_NETRC_REQUIRED;
static const long CCURL_TLS_1_2 = (long)CURL_SSLVERSION_TLSv1_2;
static const long CCURL_HTTP_1_1 = (long)CURL_HTTP_VERSION_1_1;
static const long CCURL_HTTP_2_OVER_TLS = (long)CURL_HTTP_VERSION_2TLS;
static const unsigned int CCURL_URL_DEFAULT_PORT = CURLU_DEFAULT_PORT;
static const unsigned int CCURL_URL_ENCODE = CURLU_URLENCODE;

/// Opens libcurl.so.4 and runs curl_global_init, once. NULL, or why not.
const char *ccurl_open(void);

CURL *ccurl_easy_new(void);
void ccurl_easy_free(CURL *handle);
const char *ccurl_easy_words(CURLcode code);

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode ccurl_set_callback(CURL *handle, CURLoption option, ccurl_data_callback value);

long ccurl_get_long(CURL *handle, CURLINFO info);
curl_off_t ccurl_get_offset(CURL *handle, CURLINFO info);

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text);
void ccurl_list_free(struct curl_slist *list);

CURLM *ccurl_multi_new(void);
void ccurl_multi_free(CURLM *multi);
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode ccurl_multi_add(CURLM *multi, CURL *handle);
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *handle);
CURLMcode ccurl_multi_perform(CURLM *multi, int *running);
CURLMcode ccurl_multi_wait(CURLM *multi, int milliseconds);
ccurl_ended ccurl_multi_ended(CURLM *multi);

CURLU *ccurl_url_new(void);
void ccurl_url_free(CURLU *url);
CURLUcode ccurl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags);
/// The caller frees `*text` with ccurl_free.
CURLUcode ccurl_url_get(CURLU *url, CURLUPart part, char **text, unsigned int flags);
void ccurl_free(void *memory);
