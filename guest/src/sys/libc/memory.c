/* memcpy, memmove, memset: most calls of a JavaScript engine are for a few
 * dozen bytes, so small sizes are straight lines of overlapping moves, where
 * every load comes before the first store (which also makes them right for
 * overlapping operands). Middle sizes are SSE2 loops. Large ones are string
 * instructions, which processors make the fastest there is, but which take
 * long to start. */
#include <stddef.h>
#include <stdint.h>

typedef uint16_t u16 __attribute__((may_alias, aligned(1)));
typedef uint32_t u32 __attribute__((may_alias, aligned(1)));
typedef uint64_t u64 __attribute__((may_alias, aligned(1)));
typedef long long vec __attribute__((vector_size(16), may_alias, aligned(1)));

/* From this size on, starting a string instruction pays. */
#define STRING_INSTRUCTION 1024

#define LOAD(type, p) (*(const type *)(p))
#define STORE(type, p, v) (*(type *)(p) = (v))

/* Up to 128 bytes, overlapping or not. */
static inline __attribute__((always_inline)) void move_small(char *d, const char *s, size_t n) {
    if (n > 64) {
        vec a = LOAD(vec, s), b = LOAD(vec, s + 16), c = LOAD(vec, s + 32), e = LOAD(vec, s + 48);
        vec f = LOAD(vec, s + n - 64), g = LOAD(vec, s + n - 48);
        vec h = LOAD(vec, s + n - 32), i = LOAD(vec, s + n - 16);
        STORE(vec, d, a), STORE(vec, d + 16, b), STORE(vec, d + 32, c), STORE(vec, d + 48, e);
        STORE(vec, d + n - 64, f), STORE(vec, d + n - 48, g);
        STORE(vec, d + n - 32, h), STORE(vec, d + n - 16, i);
    } else if (n > 32) {
        vec a = LOAD(vec, s), b = LOAD(vec, s + 16);
        vec c = LOAD(vec, s + n - 32), e = LOAD(vec, s + n - 16);
        STORE(vec, d, a), STORE(vec, d + 16, b);
        STORE(vec, d + n - 32, c), STORE(vec, d + n - 16, e);
    } else if (n >= 16) {
        vec a = LOAD(vec, s), b = LOAD(vec, s + n - 16);
        STORE(vec, d, a), STORE(vec, d + n - 16, b);
    } else if (n >= 8) {
        u64 a = LOAD(u64, s), b = LOAD(u64, s + n - 8);
        STORE(u64, d, a), STORE(u64, d + n - 8, b);
    } else if (n >= 4) {
        u32 a = LOAD(u32, s), b = LOAD(u32, s + n - 4);
        STORE(u32, d, a), STORE(u32, d + n - 4, b);
    } else if (n >= 2) {
        u16 a = LOAD(u16, s), b = LOAD(u16, s + n - 2);
        STORE(u16, d, a), STORE(u16, d + n - 2, b);
    } else if (n) {
        *d = *s;
    }
}

/* More than 128 bytes, upwards: for operands that do not overlap, or with the
 * destination below the source. What the loop does not reach is loaded before
 * it and stored after it. */
static inline __attribute__((always_inline)) void move_up(char *d, const char *s, size_t n) {
    vec head = LOAD(vec, s);
    vec t0 = LOAD(vec, s + n - 64), t1 = LOAD(vec, s + n - 48);
    vec t2 = LOAD(vec, s + n - 32), t3 = LOAD(vec, s + n - 16);
    for (size_t i = 16 - ((uintptr_t)d & 15); i + 64 < n; i += 64) {
        vec a = LOAD(vec, s + i), b = LOAD(vec, s + i + 16);
        vec c = LOAD(vec, s + i + 32), e = LOAD(vec, s + i + 48);
        STORE(vec, d + i, a), STORE(vec, d + i + 16, b);
        STORE(vec, d + i + 32, c), STORE(vec, d + i + 48, e);
    }
    STORE(vec, d + n - 64, t0), STORE(vec, d + n - 48, t1);
    STORE(vec, d + n - 32, t2), STORE(vec, d + n - 16, t3);
    STORE(vec, d, head);
}

/* More than 128 bytes, downwards. */
static void move_down(char *d, const char *s, size_t n) {
    vec h0 = LOAD(vec, s), h1 = LOAD(vec, s + 16), h2 = LOAD(vec, s + 32), h3 = LOAD(vec, s + 48);
    vec tail = LOAD(vec, s + n - 16);
    for (size_t i = n - ((uintptr_t)(d + n) & 15); i > 64; i -= 64) {
        vec a = LOAD(vec, s + i - 16), b = LOAD(vec, s + i - 32);
        vec c = LOAD(vec, s + i - 48), e = LOAD(vec, s + i - 64);
        STORE(vec, d + i - 16, a), STORE(vec, d + i - 32, b);
        STORE(vec, d + i - 48, c), STORE(vec, d + i - 64, e);
    }
    STORE(vec, d, h0), STORE(vec, d + 16, h1), STORE(vec, d + 32, h2), STORE(vec, d + 48, h3);
    STORE(vec, d + n - 16, tail);
}

void *memcpy(void *restrict destination, const void *restrict source, size_t n) {
    if (n <= 128) {
        move_small(destination, source, n);
    } else if (n < STRING_INSTRUCTION) {
        move_up(destination, source, n);
    } else {
        void *d = destination;
        __asm__ volatile("rep movsb" : "+D"(d), "+S"(source), "+c"(n) : : "memory");
    }
    return destination;
}

void *memmove(void *destination, const void *source, size_t n) {
    /* Distances modulo 2^64: small ones mean that the operands overlap. */
    size_t above = (uintptr_t)destination - (uintptr_t)source;
    size_t below = (uintptr_t)source - (uintptr_t)destination;
    if (n <= 128)
        move_small(destination, source, n);
    else if (above < n)
        move_down(destination, source, n);
    else if (below < n && (below < 64 || n < STRING_INSTRUCTION))
        move_up(destination, source, n);
    else
        memcpy(destination, source, n);
    return destination;
}

void *memset(void *destination, int value, size_t n) {
    char *d = destination;
    u64 word = 0x0101010101010101u * (uint8_t)value;
    if (n < 16) {
        if (n >= 8) {
            STORE(u64, d, word), STORE(u64, d + n - 8, word);
        } else if (n >= 4) {
            STORE(u32, d, (uint32_t)word), STORE(u32, d + n - 4, (uint32_t)word);
        } else if (n >= 2) {
            STORE(u16, d, (uint16_t)word), STORE(u16, d + n - 2, (uint16_t)word);
        } else if (n) {
            *d = (char)value;
        }
        return destination;
    }
    if (n >= STRING_INSTRUCTION) {
        void *to = destination;
        __asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(value) : "memory");
        return destination;
    }
    vec v = {(long long)word, (long long)word};
    STORE(vec, d, v), STORE(vec, d + n - 16, v);
    if (n <= 32)
        return destination;
    STORE(vec, d + 16, v), STORE(vec, d + n - 32, v);
    if (n <= 64)
        return destination;
    STORE(vec, d + n - 48, v), STORE(vec, d + n - 64, v);
    for (size_t i = 32 - ((uintptr_t)d & 15); i + 64 < n; i += 64) {
        STORE(vec, d + i, v), STORE(vec, d + i + 16, v);
        STORE(vec, d + i + 32, v), STORE(vec, d + i + 48, v);
    }
    return destination;
}
