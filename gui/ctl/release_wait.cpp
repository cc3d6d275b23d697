// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/release_wait.h"

#include <optional>

#include "gui/ctl/exit_code.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::ctl {
namespace {

using domain::ReleaseState;
using services::ReleaseInfo;

std::uint64_t failures(const ReleaseInfo& info) {
    return info.count(domain::Outcome::Failed) + info.count(domain::Outcome::Reverted) +
           info.count(domain::Outcome::Silent);
}

absl::Status failed(const ReleaseInfo& info, std::string_view why) {
    const std::string number = std::to_string(info.release.number);
    return base::makeError(absl::StatusCode::kAborted, kReleaseFailed, number,
                           fmt::format("release {} {}", number, why));
}

/// Of all stages together, and of each that is open.
std::string sentence(const ReleaseInfo& info) {
    std::string out = fmt::format(
        "{}, {}; {} of {} converged", domain::spoken(domain::nameOf(info.release.state)),
        stageName(info.release.stage, info.batch),
        info.count(domain::Outcome::Ok) + info.count(domain::Outcome::Already), info.targeted());
    if (failures(info) > 0) out += fmt::format(", {} bad", failures(info));
    for (const services::StageProgress& stage : info.stages) {
        if (!stage.counts.opened || stage.counts.closed || stage.counts.targeted == 0) continue;
        out += fmt::format("; {}: {} of {}", stageName(stage.counts.kind, stage.counts.batch),
                           outcomesText(stage), stage.counts.targeted);
    }
    if (!info.release.haltReason.empty()) out += "; " + haltText(info);
    if (!info.waitsFor.empty()) out += "; " + info.waitsFor;
    return out;
}

/// The state in which the waiting ends well; Done does so where no machine failed.
ReleaseState wanted(WaitFor what) {
    switch (what) {
        case WaitFor::RolledBack:
            return ReleaseState::RolledBack;
        case WaitFor::Aborted:
            return ReleaseState::Aborted;
        case WaitFor::Done:
        case WaitFor::Verify:
            break;
    }
    return ReleaseState::Done;
}

/// What the waiting has come to, once it has.
std::optional<absl::Status> verdict(const ReleaseInfo& info, WaitFor what) {
    const bool isWanted = info.release.state == wanted(what);
    switch (info.release.state) {
        case ReleaseState::Done:
            if (!isWanted) return failed(info, "is done");
            if (failures(info) == 0) return absl::OkStatus();
            return failed(
                info, fmt::format("is done, but {} failed", countOf(failures(info), "machines")));
        case ReleaseState::Halted:
            return failed(info, fmt::format("was halted: {}", info.release.haltReason));
        case ReleaseState::Aborted:
            return isWanted ? absl::OkStatus() : failed(info, "was aborted");
        case ReleaseState::RolledBack:
            return isWanted ? absl::OkStatus() : failed(info, "was rolled back");
        default:
            break;
    }
    if (what == WaitFor::Verify &&
        (info.allows(domain::ReleaseVerb::Verify) || info.waitsForPerson())) {
        if (failures(info) == 0) return absl::OkStatus();
        return failed(info,
                      fmt::format("waits for {}, but {} failed",
                                  info.allows(domain::ReleaseVerb::Verify) ? "verify" : "promote",
                                  countOf(failures(info), "machines")));
    }
    return std::nullopt;
}

}  // namespace

absl::Status waitForRelease(Shell& shell, const std::string& releaseId, std::uint64_t atLeast,
                            WaitFor what) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    std::optional<absl::Status> end;
    std::string last;
    std::optional<ReleaseInfo> newest;
    services::StreamObserver<ReleaseInfo> observer;
    observer.next = [&](const ReleaseInfo& info) {
        if (info.release.revision < atLeast) return;
        const std::string now = sentence(info);
        newest = info;
        if (now != last) {
            last = now;
            if (shell.print().format() == Format::JsonLines) {
                shell.print().list(releaseView(), std::vector<ReleaseInfo>{info});
            } else {
                shell.note(fmt::format("release {}: {}", info.release.number, now));
            }
        }
        if (!end.has_value()) end = verdict(info, what);
    };
    observer.health = [&](const services::StreamHealth& health) {
        if (!health.live) shell.note("watching again: " + base::messageOf(health.lastError));
    };
    observer.ended = [&](const absl::Status& status) {
        if (end.has_value()) return;
        end = status.ok() ? base::makeError(absl::StatusCode::kInternal, "STREAM_LOST", releaseId,
                                            "the master ended the watch")
                          : status;
    };
    const services::CallHandle watch =
        session->releases().watch(releaseId, atLeast, std::move(observer));
    IFRIT_RETURN_IF_ERROR(
        stillRuns(shell.runUntil([&end] { return end.has_value(); }, shell.timeout()), "release"));
    if (newest.has_value() && shell.print().format() != Format::JsonLines) {
        shell.print().one(releaseFactsView(), *newest);
    }
    return *end;
}

}  // namespace ifrit::gui::ctl
