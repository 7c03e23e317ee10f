// zlib's own header, and the two beginnings that it offers as macros, which Swift does not see.
#ifndef PRATIQUE_CZLIB_SHIM_H
#define PRATIQUE_CZLIB_SHIM_H

#include <zlib.h>

/// Begins to compress into the gzip form (RFC 1952).
static inline int pratique_gzip_begin(z_streamp stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/// Begins to expand the gzip form, and no other.
static inline int pratique_gunzip_begin(z_streamp stream) { return inflateInit2(stream, 15 + 16); }

#endif
