// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/windows_command_runner.h"

#include <fcntl.h>
#include <io.h>

#include <algorithm>
#include <array>

#include "agent/platform/windows/windows_process_table.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Anonymous pipes cannot be waited for, so they are looked at this often.
constexpr DWORD kLookMs = 20;
constexpr std::chrono::seconds kKillWait(5);
constexpr DWORD kKilled = 137;

/// Descriptors of the run-time library, because that is what a LaunchSpec takes.
class Pipe {
public:
    static absl::StatusOr<Pipe> make() {
        Pipe pipe;
        int ends[2] = {-1, -1};
        if (::_pipe(ends, 64 * 1024, _O_BINARY | _O_NOINHERIT) != 0)
            return base::errnoStatus(errno, "pipe");
        pipe.m_reader = ends[0];
        pipe.m_writer = ends[1];
        return pipe;
    }
    Pipe(Pipe&& other) noexcept
        : m_reader(std::exchange(other.m_reader, -1)),
          m_writer(std::exchange(other.m_writer, -1)) {}
    Pipe& operator=(Pipe&&) = delete;
    ~Pipe() {
        closeWriter();
        if (m_reader >= 0) ::_close(m_reader);
    }

    int writer() const { return m_writer; }
    void closeWriter() {
        if (m_writer >= 0) ::_close(std::exchange(m_writer, -1));
    }
    /// Takes what is there; false when the sink wants no more.
    bool drain(const ProgramStream::Sink& sink) const {
        const HANDLE handle = reinterpret_cast<HANDLE>(::_get_osfhandle(m_reader));
        std::array<char, 16 * 1024> chunk{};
        for (;;) {
            DWORD there = 0;
            if (!::PeekNamedPipe(handle, nullptr, 0, nullptr, &there, nullptr) || there == 0)
                return true;
            DWORD got = 0;
            const DWORD wanted = std::min<DWORD>(there, static_cast<DWORD>(chunk.size()));
            if (!::ReadFile(handle, chunk.data(), wanted, &got, nullptr) || got == 0) return true;
            if (!sink({chunk.data(), got})) return false;
        }
    }

private:
    Pipe() = default;
    int m_reader = -1;
    int m_writer = -1;
};

/// True when the process ended before the deadline and its sink took everything.
bool waitForEnd(HANDLE process, const Pipe& pipe, SteadyClock::time_point deadline,
                const ProgramStream::Sink& sink) {
    for (;;) {
        const bool ended = ::WaitForSingleObject(process, kLookMs) == WAIT_OBJECT_0;
        if (!pipe.drain(sink)) return false;
        if (ended) return true;
        if (SteadyClock::now() >= deadline) return false;
    }
}

}  // namespace

absl::StatusOr<CommandResult> WindowsCommandRunner::streamUntil(
    LaunchSpec spec, std::chrono::steady_clock::time_point deadline, const Sink& sink,
    const std::stop_token& stop) {
    IFRIT_ASSIGN_OR_RETURN(Pipe pipe, Pipe::make());
    spec.outputDescriptor = pipe.writer();
    // Before it can end, so that its exit code is still there to be read.
    UniqueHandle handle;
    IFRIT_ASSIGN_OR_RETURN(const ProcessId process,
                           m_launcher.launch(spec, [&](const ProcessId& begun) -> absl::Status {
                               IFRIT_ASSIGN_OR_RETURN(handle, openProcess(begun, 0));
                               return absl::OkStatus();
                           }));
    pipe.closeWriter();
    CommandResult result;
    {
        const std::stop_callback onStop(
            stop, [&] { m_signaller.signalSession(process, Signal::Kill).IgnoreError(); });
        result.timedOut = !waitForEnd(handle.get(), pipe, deadline, sink);
    }
    m_signaller.signalSession(process, Signal::Kill).IgnoreError();
    if (result.timedOut) {
        const auto unwanted = [](std::string_view) { return true; };
        waitForEnd(handle.get(), pipe, SteadyClock::now() + kKillWait, unwanted);
    }
    DWORD code = 0;
    if (::GetExitCodeProcess(handle.get(), &code) && code != STILL_ACTIVE) {
        result.status = code == kKilled
                            ? ExitStatus{ExitStatus::Kind::Killed, 9}
                            : ExitStatus{ExitStatus::Kind::Exited, static_cast<int>(code)};
    }
    return result;
}

}  // namespace ifrit::agent::platform
