/* The printf family.
 *
 * QuickJS builds error messages, dates and escapes with snprintf: %d %i %u %x
 * %X %o %c %s %p with flags, width, precision and length. It formats numbers of
 * JavaScript itself; doubles reach printf in its dumps only, which nobody sees
 * here, so they come out as a word.
 *
 * There is no output to print to. The last line is kept, as the reason of an
 * abort(). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

extern _Noreturn void hypercell_abort(const char *message, size_t length);

struct output {
    char *at;
    size_t length, room;
};

struct directive {
    int left, zero, plus, space, width, precision;
};

static void put(struct output *out, char c) {
    if (out->length + 1 < out->room)
        out->at[out->length] = c;
    out->length++;
}

static void pad(struct output *out, char c, int n) {
    while (n-- > 0)
        put(out, c);
}

static void put_text(struct output *out, const struct directive *how, const char *text) {
    if (!text)
        text = "(null)";
    int n = 0;
    while ((how->precision < 0 || n < how->precision) && text[n])
        n++;
    if (!how->left)
        pad(out, ' ', how->width - n);
    for (int i = 0; i < n; i++)
        put(out, text[i]);
    if (how->left)
        pad(out, ' ', how->width - n);
}

static void put_number(struct output *out, const struct directive *how, uint64_t value, const char *prefix,
                       unsigned base, const char *digits) {
    char text[24];
    int n = 0, prefix_length = (int)strlen(prefix);
    for (; value; value /= base)
        text[n++] = digits[value % base];
    /* A precision of zero prints nothing for zero. */
    int least = how->precision < 0 ? 1 : how->precision;
    int zeros = least > n ? least - n : 0;
    int spaces = how->width - prefix_length - zeros - n;
    if (how->zero && !how->left && how->precision < 0 && spaces > 0) {
        zeros += spaces;
        spaces = 0;
    }
    if (!how->left)
        pad(out, ' ', spaces);
    while (*prefix)
        put(out, *prefix++);
    pad(out, '0', zeros);
    while (n)
        put(out, text[--n]);
    if (how->left)
        pad(out, ' ', spaces);
}

static const char *read_count(const char *f, int *count) {
    int n = 0;
    for (; *f >= '0' && *f <= '9'; f++)
        if (n < 100000)
            n = n * 10 + (*f - '0');
    *count = n;
    return f;
}

int vsnprintf(char *restrict buffer, size_t room, const char *restrict f, va_list args) {
    static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
    struct output out = {buffer, 0, room};
    for (; *f; f++) {
        if (*f != '%') {
            put(&out, *f);
            continue;
        }
        struct directive how = {.precision = -1};
        int is_long = 0;
        for (f++;; f++) {
            if (*f == '-')
                how.left = 1;
            else if (*f == '0')
                how.zero = 1;
            else if (*f == '+')
                how.plus = 1;
            else if (*f == ' ')
                how.space = 1;
            else if (*f != '#')
                break;
        }
        if (*f == '*') {
            how.width = va_arg(args, int);
            if (how.width < 0)
                how.left = 1, how.width = how.width == INT32_MIN ? 0 : -how.width;
            f++;
        } else {
            f = read_count(f, &how.width);
        }
        if (*f == '.') {
            if (*++f == '*')
                how.precision = va_arg(args, int), f++;
            else
                f = read_count(f, &how.precision);
        }
        for (;; f++) {
            if (*f == 'l' || *f == 'z' || *f == 'j' || *f == 't')
                is_long = 1;
            else if (*f != 'h')
                break;
        }
        switch (*f) {
        case 'd':
        case 'i': {
            int64_t value = is_long ? va_arg(args, long) : va_arg(args, int);
            uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
            put_number(&out, &how, size, value < 0 ? "-" : how.plus ? "+" : how.space ? " " : "", 10, lower);
            break;
        }
        case 'u':
        case 'x':
        case 'X':
        case 'o': {
            uint64_t value = is_long ? va_arg(args, unsigned long) : va_arg(args, unsigned);
            unsigned base = *f == 'u' ? 10 : *f == 'o' ? 8 : 16;
            put_number(&out, &how, value, "", base, *f == 'X' ? upper : lower);
            break;
        }
        case 'p':
            put_number(&out, &how, (uintptr_t)va_arg(args, void *), "0x", 16, lower);
            break;
        case 'c': {
            char text[2] = {(char)va_arg(args, int), 0};
            how.precision = -1;
            put_text(&out, &how, text);
            break;
        }
        case 's':
            put_text(&out, &how, va_arg(args, const char *));
            break;
        case 'e':
        case 'f':
        case 'g':
            (void)va_arg(args, double);
            put_text(&out, &(struct directive){.precision = -1}, "(double)");
            break;
        case 0:
            f--;
            break;
        default:
            put(&out, *f);
        }
    }
    if (room)
        buffer[out.length < room ? out.length : room - 1] = 0;
    return (int)out.length;
}

int snprintf(char *restrict buffer, size_t room, const char *restrict format, ...) {
    va_list args;
    va_start(args, format);
    int length = vsnprintf(buffer, room, format, args);
    va_end(args);
    return length;
}

static char last_line[160];

int vfprintf(void *stream, const char *format, va_list args) {
    (void)stream;
    return vsnprintf(last_line, sizeof last_line, format, args);
}

int fprintf(void *stream, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int length = vfprintf(stream, format, args);
    va_end(args);
    return length;
}

int printf(const char *format, ...) {
    va_list args;
    va_start(args, format);
    int length = vfprintf(NULL, format, args);
    va_end(args);
    return length;
}

int puts(const char *text) { return printf("%s", text); }
int fputs(const char *text, void *stream) { return (void)stream, puts(text); }
int putchar(int c) { return c; }
int putc(int c, void *stream) { return (void)stream, c; }
int fputc(int c, void *stream) { return (void)stream, c; }
size_t fwrite(const void *data, size_t size, size_t count, void *stream) {
    return (void)data, (void)size, (void)stream, count;
}
void *stdout, *stderr;

_Noreturn void abort(void) {
    char text[200];
    int length = snprintf(text, sizeof text, "abort() was called; last output: %s", last_line);
    hypercell_abort(text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

_Noreturn void __assert_fail(const char *expression, const char *file, unsigned line, const char *function) {
    char text[300];
    int length = snprintf(text, sizeof text, "%s:%u: %s: %s does not hold", file, line, function, expression);
    hypercell_abort(text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}
