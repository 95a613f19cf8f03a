/* Threads, of which there is one. Locks are always free, and nothing can ever
 * wake a waiter: QuickJS does not wait here, because JS_SetCanBlock is off, and
 * a wait that cannot end is better reported than slept through. */
#include <stdlib.h>

#define ETIMEDOUT 110

int pthread_mutex_init(void *mutex, const void *attributes) { return (void)mutex, (void)attributes, 0; }
int pthread_mutex_destroy(void *mutex) { return (void)mutex, 0; }
int pthread_mutex_lock(void *mutex) { return (void)mutex, 0; }
int pthread_mutex_unlock(void *mutex) { return (void)mutex, 0; }

int pthread_condattr_init(void *attributes) { return (void)attributes, 0; }
int pthread_condattr_destroy(void *attributes) { return (void)attributes, 0; }
int pthread_condattr_setclock(void *attributes, int clock) { return (void)attributes, (void)clock, 0; }
int pthread_cond_init(void *cond, const void *attributes) { return (void)cond, (void)attributes, 0; }
int pthread_cond_destroy(void *cond) { return (void)cond, 0; }
int pthread_cond_signal(void *cond) { return (void)cond, 0; }
int pthread_cond_broadcast(void *cond) { return (void)cond, 0; }
int pthread_cond_wait(void *cond, void *mutex) { (void)cond, (void)mutex, abort(); }
int pthread_cond_timedwait(void *cond, void *mutex, const void *until) {
    return (void)cond, (void)mutex, (void)until, ETIMEDOUT;
}

int pthread_once(int *done, void (*function)(void)) {
    if (!*done) {
        *done = 1;
        function();
    }
    return 0;
}
