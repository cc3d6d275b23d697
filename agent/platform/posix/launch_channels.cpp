// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/posix/launch_channels.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "agent/platform/posix/system_calls.h"

namespace ifrit::agent::platform {
namespace {

constexpr int kFirstDescriptor = 10;  // see ChildPlan

absl::StatusOr<UniqueFd> raised(UniqueFd low, const std::string& what) {
    if (!low.valid()) return base::errnoStatus(errno, what);
    UniqueFd high(::fcntl(low.get(), F_DUPFD_CLOEXEC, kFirstDescriptor));
    if (!high.valid()) return base::errnoStatus(errno, what);
    return high;
}

absl::Status openOutput(const LaunchSpec& spec, LaunchChannels& channels) {
    if (!spec.outputFile.empty()) {
        UniqueFd file(::open(spec.outputFile.c_str(),
                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640));
        // It runs without a log until it is started again.
        const bool brokenDisk =
            errno == EIO || errno == ENOSPC || errno == EDQUOT || errno == EROFS;
        if (!file.valid() && brokenDisk) file = UniqueFd(::open("/dev/null", O_WRONLY | O_CLOEXEC));
        IFRIT_ASSIGN_OR_RETURN(channels.output,
                               raised(std::move(file), "opening " + spec.outputFile));
    } else if (spec.outputDescriptor >= 0) {
        UniqueFd copy(::fcntl(spec.outputDescriptor, F_DUPFD_CLOEXEC, kFirstDescriptor));
        if (!copy.valid()) return base::errnoStatus(errno, "copying the output descriptor");
        channels.output = std::move(copy);
    }
    return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LaunchChannels> LaunchChannels::open(const LaunchSpec& spec) {
    LaunchChannels channels;
    UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    IFRIT_ASSIGN_OR_RETURN(channels.input, raised(std::move(null), "opening /dev/null"));
    IFRIT_RETURN_IF_ERROR(openOutput(spec, channels));
    // A socket, because writing into a pipe whose reader was killed raises SIGPIPE.
    int gate[2] = {-1, -1};
    if (socketsForUs(gate) != 0) return base::errnoStatus(errno, "making a gate");
    channels.parentGate = UniqueFd(gate[0]);
    IFRIT_ASSIGN_OR_RETURN(channels.childGate, raised(UniqueFd(gate[1]), "making a gate"));
    int errors[2] = {-1, -1};
    if (pipeForUs(errors) != 0) return base::errnoStatus(errno, "making a pipe");
    channels.parentErrors = UniqueFd(errors[0]);
    IFRIT_ASSIGN_OR_RETURN(channels.childErrors, raised(UniqueFd(errors[1]), "making a pipe"));
    return channels;
}

void LaunchChannels::openGate() const {
    ::send(parentGate.get(), "g", 1, kNoSignal);
}

bool LaunchChannels::awaitEnd(std::chrono::steady_clock::time_point deadline) const {
    pollfd polled{parentErrors.get(), POLLIN, 0};
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        const int ready =
            ::poll(&polled, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready != -1 || errno != EINTR) return ready > 0;
    }
}

std::optional<ChildFailure> LaunchChannels::readFailure() const {
    ChildFailure failure;
    ssize_t got = -1;
    do {
        got = ::read(parentErrors.get(), &failure, sizeof failure);
    } while (got < 0 && errno == EINTR);
    return got == sizeof failure ? std::optional(failure) : std::nullopt;
}

}  // namespace ifrit::agent::platform
