// A web server for tests of rollouts: one static binary, which is a whole image.
// VERSION: what it answers. After so many requests other than /readyz (0: never),
// BREAK_AFTER: /readyz says 503, FAIL_AFTER: all else says 500, CRASH_AFTER: it ends.
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static long long requests;
static long long break_after, fail_after, crash_after;
static const char *version, *secret;

static long long number(const char *name) {
  const char *text = getenv(name);
  return text ? atoll(text) : 0;
}

static void *serve(void *argument) {
  int client = (int)(long)argument;
  char request[8192];
  size_t have = 0;
  for (;;) {
    ssize_t count = read(client, request + have, sizeof request - 1 - have);
    if (count <= 0) break;
    have += (size_t)count;
    request[have] = 0;
    char *end = strstr(request, "\r\n\r\n");
    if (!end) continue;
    int status = 200;
    if (!strncmp(request, "GET /readyz ", 12)) {
      if (break_after && __atomic_load_n(&requests, __ATOMIC_RELAXED) > break_after) status = 503;
    } else {
      long long count = __atomic_add_fetch(&requests, 1, __ATOMIC_RELAXED);
      if (fail_after && count > fail_after) status = 500;
      if (crash_after && count > crash_after) _exit(1);
    }
    if (!strncmp(request, "GET /slow ", 10)) usleep(1500000);
    char body[512], answer[1024];
    snprintf(body, sizeof body, "%s uid=%d secret=%s\n", version, (int)getuid(), secret);
    int length = snprintf(answer, sizeof answer,
        "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body);
    if (write(client, answer, (size_t)length) != length) break;
    have -= (size_t)(end + 4 - request);
    memmove(request, end + 4, have);
  }
  close(client);
  return 0;
}

static void stop(int signal) { (void)signal; _exit(0); }

int main(void) {
  signal(SIGTERM, stop); // the first process of a container ignores what it does not handle
  signal(SIGPIPE, SIG_IGN);
  version = getenv("VERSION") ? getenv("VERSION") : "none";
  secret = getenv("SECRET") ? getenv("SECRET") : "none";
  break_after = number("BREAK_AFTER");
  fail_after = number("FAIL_AFTER");
  crash_after = number("CRASH_AFTER");
  int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(8080)};
  if (bind(listener, (struct sockaddr *)&place, sizeof place) || listen(listener, 512)) return 1;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 65536);
  for (;;) {
    int client = accept(listener, 0, 0);
    pthread_t thread;
    if (client >= 0 && pthread_create(&thread, &attributes, serve, (void *)(long)client)) close(client);
  }
}
