// SPDX-License-Identifier: Apache-2.0
// A managed agent that does what its first argument says. It prints one line once it is ready, so
// that tests wait for facts and not for time.
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

namespace {

void say(const char* line) {
    std::printf("%s\n", line);
    std::fflush(stdout);
}

[[noreturn]] void hang() {
    for (;;)
        ::pause();
}

[[noreturn]] void ignoreTerm() {
    ::signal(SIGTERM, SIG_IGN);
    say("ready");
    hang();
}

// A worker in the same session that ignores SIGTERM; prints its pid.
[[noreturn]] void withWorker() {
    const pid_t worker = ::fork();
    if (worker == 0) {
        ::signal(SIGTERM, SIG_IGN);
        say(("worker " + std::to_string(::getpid())).c_str());
        hang();
    }
    hang();
}

// As old daemons do it: the survivor has a session of its own.
[[noreturn]] void doubleFork() {
    if (::fork() == 0) {
        ::setsid();
        if (::fork() == 0) {
            say(("daemon " + std::to_string(::getpid())).c_str());
            hang();
        }
        ::_exit(0);
    }
    hang();
}

// A child with a session of its own and nothing in its environment; "ready" when it is so.
[[noreturn]] void unmarkedChild(const char* self) {
    if (::fork() == 0) {
        ::setsid();
        say(("unmarked " + std::to_string(::getpid())).c_str());
        char* const nothing[] = {nullptr};
        ::execle(self, self, "hang", nullptr, nothing);
        ::_exit(127);
    }
    hang();
}

// A child in the same session whose parent has ended, with a child of its own.
[[noreturn]] void orphan() {
    const pid_t parent = ::fork();
    if (parent == 0) {
        const pid_t own = ::getpid();
        if (::fork() == 0) {
            const pid_t its = ::fork();
            if (its == 0) hang();
            while (::getppid() == own)
                ::poll(nullptr, 0, 1);
            say(("orphan " + std::to_string(::getpid())).c_str());
            say(("its-child " + std::to_string(its)).c_str());
            hang();
        }
        ::_exit(0);
    }
    ::waitpid(parent, nullptr, 0);
    say("reaped");
    hang();
}

// Uses this much of a processor, however long that takes.
void burn(int milliseconds) {
    timespec used{};
    do {
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    } while (used.tv_sec * 1000 + used.tv_nsec / 1'000'000 < milliseconds);
}

// A child burns, says so and lives until it is killed; "reaped" when it was waited for.
[[noreturn]] void burningChild(int milliseconds, bool ignoresEnds) {
    if (ignoresEnds) ::signal(SIGCHLD, SIG_IGN);
    const pid_t child = ::fork();
    if (child == 0) {
        burn(milliseconds);
        say(("burnt " + std::to_string(::getpid())).c_str());
        hang();
    }
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    say("reaped");
    hang();
}

[[noreturn]] void zombieChild() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
    say(("zombie " + std::to_string(child)).c_str());
    hang();
}

[[noreturn]] void allocate(std::size_t mebibytes) {
    std::vector<char> memory(mebibytes * 1024 * 1024, 'x');
    say("ready");
    hang();
}

[[noreturn]] void spin() {
    say("ready");
    for (;;)
        [[maybe_unused]] const volatile int burn = 0;
}

// A listening socket on an ephemeral loopback port; `port` gets its number.
int listenOnLoopback(int& port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(listener, 16) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        std::abort();
    port = ntohs(address.sin_port);
    return listener;
}

// Answers every connection on an ephemeral loopback port with this status; 0 never answers.
[[noreturn]] void serveHttp(int status) {
    int port = 0;
    const int listener = listenOnLoopback(port);
    say(("port " + std::to_string(port)).c_str());
    for (;;) {
        const int connection = ::accept(listener, nullptr, nullptr);
        if (status == 0) continue;  // stays open and silent
        char request[2048];
        [[maybe_unused]] const ssize_t got = ::read(connection, request, sizeof request);
        const std::string answer = "HTTP/1.1 " + std::to_string(status) +
                                   " X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        [[maybe_unused]] const ssize_t sent = ::write(connection, answer.data(), answer.size());
        ::close(connection);
    }
}

volatile sig_atomic_t silent = 0;

// Says "ok" to whoever connects, until SIGUSR1 makes it fall silent. Its port goes to the file.
[[noreturn]] void answer(const std::string& file) {
    ::signal(SIGUSR1, [](int) { silent = 1; });
    int port = 0;
    const int listener = listenOnLoopback(port);
    std::FILE* const out = std::fopen((file + ".new").c_str(), "w");
    if (out == nullptr) std::abort();
    std::fprintf(out, "%d", port);
    std::fclose(out);
    if (std::rename((file + ".new").c_str(), file.c_str()) != 0) std::abort();
    for (;;) {
        const int connection = ::accept(listener, nullptr, nullptr);
        if (connection < 0 || silent != 0) continue;  // stays open
        [[maybe_unused]] const ssize_t sent = ::write(connection, "ok", 2);
        ::close(connection);
    }
}

// The probe of `answer`: waits for the word for as long as it is let.
int ask(const std::string& file) {
    int port = 0;
    std::FILE* const in = std::fopen(file.c_str(), "r");
    if (in == nullptr || std::fscanf(in, "%d", &port) != 1) return 1;
    const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return 1;
    char word[2];
    return ::read(connection, word, sizeof word) == 2 ? 0 : 1;
}

[[noreturn]] void forkMany(int count) {
    for (int i = 0; i < count; ++i)
        if (::fork() == 0) hang();
    say("ready");
    hang();
}

// Takes whatever of the disk becomes free, and falls over it after a second.
int fillDisk() {
    const int file = ::open("filler", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::vector<char> piece(64 * 1024, 'x');
    for (int full = 0; full < 500;) {
        if (::write(file, piece.data(), piece.size()) > 0) continue;
        ++full;
        ::poll(nullptr, 0, 2);
    }
    return 1;
}

// Well until the file appears, and in no run after that.
[[noreturn]] void crashOnceThereIs(const std::string& file) {
    while (::access(file.c_str(), F_OK) != 0)
        ::poll(nullptr, 0, 20);
    std::abort();
}

void waitForSignal() {
    sigset_t wanted;
    ::sigemptyset(&wanted);
    ::sigaddset(&wanted, SIGUSR1);
    ::sigprocmask(SIG_BLOCK, &wanted, nullptr);
    say("waiting");
    int number = 0;
    ::sigwait(&wanted, &number);
}

// One line per fact that a launcher decides.
void printSurroundings() {
    sigset_t blocked;
    ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
    struct sigaction pipe {};
    ::sigaction(SIGPIPE, nullptr, &pipe);
    char directory[4096];
    std::printf("leads session: %d\n", ::getsid(0) == ::getpid());
    std::printf("directory: %s\n", ::getcwd(directory, sizeof directory));
    std::printf("uid: %d\n", static_cast<int>(::getuid()));
    std::printf("open files: %ld\n", ::sysconf(_SC_OPEN_MAX));
    std::printf("SIGTERM blocked: %d\n", ::sigismember(&blocked, SIGTERM));
    std::printf("SIGPIPE default: %d\n", pipe.sa_handler == SIG_DFL);
    std::printf("VARIABLE=%s\n", std::getenv("VARIABLE") ? std::getenv("VARIABLE") : "(none)");
    std::printf("HOME=%s\n", std::getenv("HOME") ? std::getenv("HOME") : "(none)");
    int inherited = 0;
    for (int descriptor = 3; descriptor < 1024; ++descriptor)
        inherited += ::fcntl(descriptor, F_GETFD) >= 0;
    std::printf("inherited descriptors: %d\n", inherited);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], "later") == 0) {  // the rest, after SIGUSR1
        waitForSignal();
        ++argv;
        --argc;
    }
    const std::string mode = argc > 1 ? argv[1] : "";
    const int number = argc > 2 ? std::atoi(argv[2]) : 0;
    const std::string file = argc > 2 ? argv[2] : "";
    if (mode == "exit") return number;
    if (mode == "say") {
        say(argc > 2 ? argv[2] : "");
        return argc > 3 ? std::atoi(argv[3]) : 0;
    }
    if (mode == "crash") std::abort();
    if (mode == "hang") {
        say("ready");
        hang();
    }
    if (mode == "ignore-term") ignoreTerm();
    if (mode == "worker") withWorker();
    if (mode == "double-fork") doubleFork();
    if (mode == "unmarked") unmarkedChild(argv[0]);
    if (mode == "orphan") orphan();
    if (mode == "burn") burningChild(number, false);
    if (mode == "burn-unwaited") burningChild(number, true);
    if (mode == "zombie-child") zombieChild();
    if (mode == "allocate") allocate(static_cast<std::size_t>(number));
    if (mode == "spin") spin();
    if (mode == "http") serveHttp(number);
    if (mode == "answer") answer(file);
    if (mode == "ask") return ask(file);
    if (mode == "fill") return fillDisk();
    if (mode == "fork") forkMany(number);
    if (mode == "crash-if") crashOnceThereIs(file);
    if (mode == "surroundings") {
        printSurroundings();
        return 0;
    }
    std::fprintf(stderr, "misbehaving_agent: unknown mode '%s'\n", mode.c_str());
    return 64;
}
