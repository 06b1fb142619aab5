// liblzma's decoder of .xz, opened with dlopen at first use: few machines lack it (dpkg needs it),
// few commands need it, and building needs no header package.
// The few declarations stand in CLzma.c; the ABI of liblzma.so.5 has not changed since 2012.
//
// Invariant: every function but clzma_open may only be called after clzma_open has returned NULL.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Opens liblzma.so.5, once. NULL, or why not.
const char *clzma_open(void);

/// One .xz file that is being read.
typedef struct clzma_decoder clzma_decoder;

/// What became of a piece.
typedef enum { clzma_more, clzma_end, clzma_memory, clzma_damaged } clzma_outcome;

/// Begins a file, which may be of several streams. NULL when out of memory.
/// @param memory the most bytes that the decoder may take.
clzma_decoder *clzma_begin(uint64_t memory);

/// Reads on. `in_count` and `out_count` are what is there and what there is room for, and then what
/// is left of both. With `last` nothing follows what is there.
clzma_outcome clzma_read(clzma_decoder *decoder, const uint8_t *in, size_t *in_count, uint8_t *out,
                         size_t *out_count, int last);

void clzma_finish(clzma_decoder *decoder);
