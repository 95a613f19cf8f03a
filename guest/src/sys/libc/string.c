/* Comparing and searching. What reads whole vectors beyond a string's end does
 * so in aligned steps, which never reach into a page that the string is not
 * on. */
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t u64 __attribute__((may_alias, aligned(1)));

static inline unsigned equal_mask(const void *a, const void *b) {
    __m128i x = _mm_loadu_si128((const __m128i *)a), y = _mm_loadu_si128((const __m128i *)b);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));
}

static inline int difference(const uint8_t *a, const uint8_t *b, unsigned mask) {
    unsigned at = (unsigned)__builtin_ctz(~mask);
    return a[at] - b[at];
}

int memcmp(const void *left, const void *right, size_t n) {
    const uint8_t *a = left, *b = right;
    if (n >= 16) {
        unsigned mask;
        for (size_t i = 0; i + 16 < n; i += 16)
            if ((mask = equal_mask(a + i, b + i)) != 0xffff)
                return difference(a + i, b + i, mask);
        /* The last vector overlaps bytes that are known to be equal. */
        mask = equal_mask(a + n - 16, b + n - 16);
        return mask == 0xffff ? 0 : difference(a + n - 16, b + n - 16, mask);
    }
    if (n >= 8) {
        u64 x = *(const u64 *)a, y = *(const u64 *)b;
        if (x == y)
            x = *(const u64 *)(a + n - 8), y = *(const u64 *)(b + n - 8);
        x = __builtin_bswap64(x), y = __builtin_bswap64(y);
        return x == y ? 0 : x < y ? -1 : 1;
    }
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return a[i] - b[i];
    return 0;
}

int bcmp(const void *left, const void *right, size_t n) { return memcmp(left, right, n); }

/* Bits of the bytes of the aligned vector at `p` that equal `value`. */
static inline unsigned match_mask(const char *p, __m128i value) {
    __m128i bytes = _mm_load_si128((const __m128i *)p);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, value));
}

void *memchr(const void *bytes, int value, size_t n) {
    const char *start = bytes, *end = start + n;
    if (n == 0)
        return NULL;
    if (end < start)
        end = (const char *)UINTPTR_MAX;
    __m128i wanted = _mm_set1_epi8((char)value);
    const char *p = (const char *)((uintptr_t)start & ~(uintptr_t)15);
    unsigned mask = match_mask(p, wanted) & (0xffffu << (start - p));
    while (mask == 0) {
        p += 16;
        if (p >= end)
            return NULL;
        mask = match_mask(p, wanted);
    }
    p += __builtin_ctz(mask);
    return p < end ? (void *)p : NULL;
}

size_t strlen(const char *string) {
    __m128i zero = _mm_setzero_si128();
    const char *p = (const char *)((uintptr_t)string & ~(uintptr_t)15);
    unsigned mask = match_mask(p, zero) & (0xffffu << (string - p));
    while (mask == 0)
        mask = match_mask(p += 16, zero);
    return (size_t)(p + __builtin_ctz(mask) - string);
}

char *strchr(const char *string, int value) {
    for (;; string++) {
        if (*string == (char)value)
            return (char *)string;
        if (!*string)
            return NULL;
    }
}

char *strrchr(const char *string, int value) {
    const char *found = NULL;
    for (;; string++) {
        if (*string == (char)value)
            found = string;
        if (!*string)
            return (char *)found;
    }
}

int strcmp(const char *a, const char *b) {
    while (*a && *a == *b)
        a++, b++;
    return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n) {
    while (n && *a && *a == *b)
        a++, b++, n--;
    return n ? (uint8_t)*a - (uint8_t)*b : 0;
}

char *strstr(const char *string, const char *part) {
    size_t n = strlen(part);
    for (;; string++) {
        if (strncmp(string, part, n) == 0)
            return (char *)string;
        if (!*string)
            return NULL;
    }
}

/* Compilers make these of others' calls: of sprintf with "%s", when they optimise
   for size. */
char *stpcpy(char *to, const char *from) {
    while ((*to = *from))
        to++, from++;
    return to;
}

char *strcpy(char *to, const char *from) {
    stpcpy(to, from);
    return to;
}
