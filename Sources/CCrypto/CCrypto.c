#include "CCrypto.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>

typedef void Opaque;

// SHA256_CTX is 112 bytes; the state of a hash lives on our stack.
typedef union {
  uint64_t alignment;
  uint8_t bytes[256];
} HashState;

// The old interface of SHA-256, by which a quiet sync needs 3 million instructions of libcrypto: the
// new one reads configuration and fetches providers first, 6 million more.
static int (*p_SHA256_Init)(HashState *);
static int (*p_SHA256_Update)(HashState *, const void *, size_t);
static int (*p_SHA256_Final)(unsigned char *, HashState *);

static const Opaque *(*p_EVP_sha256)(void);
static unsigned char *(*p_HMAC)(const Opaque *md, const void *key, int key_count,
                                const unsigned char *bytes, size_t count, unsigned char *code,
                                unsigned *code_count);
static int (*p_EVP_PBE_scrypt)(const char *word, size_t word_count, const unsigned char *salt,
                               size_t salt_count, uint64_t n, uint64_t r, uint64_t p,
                               uint64_t most_memory, unsigned char *key, size_t key_count);

static Opaque *(*p_EVP_PKEY_CTX_new_id)(int id, Opaque *engine);
static void (*p_EVP_PKEY_CTX_free)(Opaque *);
static int (*p_EVP_PKEY_derive_init)(Opaque *);
static int (*p_EVP_PKEY_CTX_set_hkdf_md)(Opaque *, const Opaque *md);
static int (*p_EVP_PKEY_CTX_set1_hkdf_key)(Opaque *, const unsigned char *, int);
static int (*p_EVP_PKEY_CTX_add1_hkdf_info)(Opaque *, const unsigned char *, int);
static int (*p_EVP_PKEY_derive)(Opaque *, unsigned char *, size_t *);

static Opaque *(*p_EVP_CIPHER_CTX_new)(void);
static void (*p_EVP_CIPHER_CTX_free)(Opaque *);
static int (*p_EVP_CIPHER_CTX_ctrl)(Opaque *, int what, int count, void *);
static const Opaque *(*p_EVP_aes_256_gcm)(void);
static const Opaque *(*p_EVP_chacha20_poly1305)(void);
static int (*p_EVP_CipherInit_ex)(Opaque *, const Opaque *cipher, Opaque *engine,
                                  const unsigned char *key, const unsigned char *nonce,
                                  int encrypts);
static int (*p_EVP_CipherUpdate)(Opaque *, unsigned char *, int *, const unsigned char *, int);
static int (*p_EVP_CipherFinal_ex)(Opaque *, unsigned char *, int *);

#define FUNCTIONS(each) \
  each(SHA256_Init) each(SHA256_Update) each(SHA256_Final) each(EVP_sha256) each(HMAC) \
  each(EVP_PBE_scrypt) each(EVP_PKEY_CTX_new_id) each(EVP_PKEY_CTX_free) \
  each(EVP_PKEY_derive_init) each(EVP_PKEY_CTX_set_hkdf_md) each(EVP_PKEY_CTX_set1_hkdf_key) \
  each(EVP_PKEY_CTX_add1_hkdf_info) each(EVP_PKEY_derive) each(EVP_CIPHER_CTX_new) \
  each(EVP_CIPHER_CTX_free) each(EVP_CIPHER_CTX_ctrl) each(EVP_aes_256_gcm) \
  each(EVP_chacha20_poly1305) each(EVP_CipherInit_ex) each(EVP_CipherUpdate) \
  each(EVP_CipherFinal_ex)

// What openssl/evp.h and openssl/obj_mac.h call NID_hkdf, EVP_CTRL_AEAD_GET_TAG, …_SET_TAG.
enum { hkdf = 1036, get_tag = 0x10, set_tag = 0x11, tag_count = 16 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char trouble[256];

static void open_library(void) {
  // Lazily: of its 17,000 relocations we need two dozen.
  void *library = dlopen("libcrypto.so.3", RTLD_LAZY | RTLD_LOCAL);
  if (library == NULL) {
    const char *words = dlerror();
    snprintf(trouble, sizeof trouble, "%s", words != NULL ? words : "dlopen failed");
    return;
  }
#define FIND(name) \
  p_##name = (__typeof__(p_##name))dlsym(library, #name); \
  if (p_##name == NULL) { \
    snprintf(trouble, sizeof trouble, "libcrypto.so.3 has no " #name); \
    return; \
  }
  FUNCTIONS(FIND)
}

const char *ccrypto_open(void) {
  pthread_once(&once, open_library);
  return trouble[0] != 0 ? trouble : NULL;
}

void ccrypto_sha256(const uint8_t *bytes, size_t count, uint8_t digest[32]) {
  HashState state;
  p_SHA256_Init(&state);
  p_SHA256_Update(&state, bytes, count);
  p_SHA256_Final(digest, &state);
}

int ccrypto_hmac_sha256(const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count,
                        uint8_t code[32]) {
  if (key_count > INT_MAX) return 0;
  unsigned code_count = 0;
  return p_HMAC(p_EVP_sha256(), key, (int)key_count, bytes, count, code, &code_count) != NULL &&
         code_count == 32;
}

int ccrypto_hkdf_sha256(const uint8_t *root, size_t root_count, const uint8_t *info,
                        size_t info_count, uint8_t *key, size_t key_count) {
  if (root_count > INT_MAX || info_count > INT_MAX) return 0;
  Opaque *context = p_EVP_PKEY_CTX_new_id(hkdf, NULL);
  if (context == NULL) return 0;
  size_t made = key_count;
  int done = p_EVP_PKEY_derive_init(context) > 0 &&
             p_EVP_PKEY_CTX_set_hkdf_md(context, p_EVP_sha256()) > 0 &&
             p_EVP_PKEY_CTX_set1_hkdf_key(context, root, (int)root_count) > 0 &&
             p_EVP_PKEY_CTX_add1_hkdf_info(context, info, (int)info_count) > 0 &&
             p_EVP_PKEY_derive(context, key, &made) > 0 && made == key_count;
  p_EVP_PKEY_CTX_free(context);
  return done;
}

int ccrypto_scrypt(const uint8_t *word, size_t word_count, const uint8_t *salt, size_t salt_count,
                   uint64_t n, uint64_t r, uint64_t p, uint8_t *key, size_t key_count) {
  // What it takes (RFC 7914, section 6), with room for the bookkeeping.
  uint64_t memory = 128 * r * (n + p + 2) + (1 << 20);
  return p_EVP_PBE_scrypt((const char *)word, word_count, salt, salt_count, n, r, p, memory, key,
                          key_count) == 1;
}

// `tag` is made where it encrypts, and must fit else.
static int run(int encrypts, enum ccrypto_cipher cipher, const uint8_t *key, const uint8_t *nonce,
               const uint8_t *head, size_t head_count, const uint8_t *from, size_t count,
               uint8_t *to, uint8_t *tag) {
  if (head_count > INT_MAX || count > INT_MAX - tag_count) return 0;
  Opaque *context = p_EVP_CIPHER_CTX_new();
  if (context == NULL) return 0;
  const Opaque *algorithm =
      cipher == ccrypto_aes_256_gcm ? p_EVP_aes_256_gcm() : p_EVP_chacha20_poly1305();
  int length = 0, rest = 0;
  int done =
      p_EVP_CipherInit_ex(context, algorithm, NULL, key, nonce, encrypts) == 1 &&
      (encrypts || p_EVP_CIPHER_CTX_ctrl(context, set_tag, tag_count, tag) == 1) &&
      p_EVP_CipherUpdate(context, NULL, &length, head, (int)head_count) == 1;
  length = 0;
  // An update of no bytes ends it, in some versions.
  if (done && count > 0) {
    done = p_EVP_CipherUpdate(context, to, &length, from, (int)count) == 1;
  }
  done = done && p_EVP_CipherFinal_ex(context, to + length, &rest) == 1 &&
         (size_t)(length + rest) == count &&
         (!encrypts || p_EVP_CIPHER_CTX_ctrl(context, get_tag, tag_count, tag) == 1);
  p_EVP_CIPHER_CTX_free(context);
  return done;
}

int ccrypto_seal(enum ccrypto_cipher cipher, const uint8_t key[32], const uint8_t nonce[12],
                 const uint8_t *head, size_t head_count, const uint8_t *plain, size_t count,
                 uint8_t *sealed) {
  return run(1, cipher, key, nonce, head, head_count, plain, count, sealed, sealed + count);
}

int ccrypto_open_sealed(enum ccrypto_cipher cipher, const uint8_t key[32], const uint8_t nonce[12],
                        const uint8_t *head, size_t head_count, const uint8_t *sealed, size_t count,
                        uint8_t *plain) {
  return run(0, cipher, key, nonce, head, head_count, sealed, count, plain,
             (uint8_t *)sealed + count);
}
