// OpenSSL's libcrypto, opened with dlopen at first use.
//
// Why not swift-crypto, which is BoringSSL as source: it was half of the 8 minutes of processor time
// that a cold release build took, and every build of a person who tries shelf is cold. libcrypto is
// what libcurl uses for TLS, so that where shelf can sync over https it is there. Why opened and not
// linked: every command would relocate it, 3 million instructions; `shelf list` has 8.
// The few declarations stand here and in CCrypto.c, so that building needs no header package;
// OpenSSL keeps the ABI of libcrypto.so.3 for all of 3.x.
//
// Invariant: every function but ccrypto_open may only be called after ccrypto_open has returned NULL.
// Those that return int return 1 when it is done, else 0.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Opens libcrypto.so.3, once. NULL, or why not.
const char *ccrypto_open(void);

/// SHA-256 (FIPS 180-4).
void ccrypto_sha256(const uint8_t *bytes, size_t count, uint8_t digest[32]);

/// HMAC with SHA-256 (RFC 2104).
int ccrypto_hmac_sha256(const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count,
                        uint8_t code[32]);

/// HKDF with SHA-256, without salt (RFC 5869).
int ccrypto_hkdf_sha256(const uint8_t *root, size_t root_count, const uint8_t *info,
                        size_t info_count, uint8_t *key, size_t key_count);

/// scrypt (RFC 7914).
int ccrypto_scrypt(const uint8_t *word, size_t word_count, const uint8_t *salt, size_t salt_count,
                   uint64_t n, uint64_t r, uint64_t p, uint8_t *key, size_t key_count);

/// The ciphers; both take a key of 32 bytes, a nonce of 12, and make a tag of 16.
enum ccrypto_cipher { ccrypto_aes_256_gcm, ccrypto_chacha20_poly1305 };

/// Encrypts `count` bytes of `plain` to `sealed`, which has room for 16 more, the tag.
int ccrypto_seal(enum ccrypto_cipher cipher, const uint8_t key[32], const uint8_t nonce[12],
                 const uint8_t *head, size_t head_count, const uint8_t *plain, size_t count,
                 uint8_t *sealed);

/// Decrypts `count` bytes and the tag of 16 that follows them to `plain`; 0 where they are not what
/// was sealed.
int ccrypto_open_sealed(enum ccrypto_cipher cipher, const uint8_t key[32], const uint8_t nonce[12],
                        const uint8_t *head, size_t head_count, const uint8_t *sealed, size_t count,
                        uint8_t *plain);
