// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/enum_names.h"

#include <algorithm>
#include <span>
#include <type_traits>
#include <utility>

namespace ifrit::domain {
namespace {

template <typename Enum>
using Row = std::pair<Enum, std::string_view>;

constexpr Row<Level> kLevel[] = {
    {Level::Full, "full"}, {Level::Hash, "hash"}, {Level::Gray, "gray"}};
constexpr Row<DesiredAction> kDesiredAction[] = {
    {DesiredAction::Install, "install"},
    {DesiredAction::Uninstall, "uninstall"},
    {DesiredAction::UninstallPurge, "uninstall-purge"}};
constexpr Row<Verdict> kVerdict[] = {{Verdict::Chosen, "chosen"},
                                     {Verdict::OlderTimestamp, "older"},
                                     {Verdict::LowerLevel, "lower-level"}};
constexpr Row<MachineState> kMachineState[] = {{MachineState::Unknown, "unknown"},
                                               {MachineState::Scheduled, "scheduled"},
                                               {MachineState::WaitingPermit, "waiting_permit"},
                                               {MachineState::Downloading, "downloading"},
                                               {MachineState::Verifying, "verifying"},
                                               {MachineState::Installing, "installing"},
                                               {MachineState::Watching, "watching"},
                                               {MachineState::Healthy, "healthy"},
                                               {MachineState::Degraded, "degraded"},
                                               {MachineState::Failed, "failed"},
                                               {MachineState::Reverted, "reverted"},
                                               {MachineState::Silent, "silent"},
                                               {MachineState::Already, "already"},
                                               {MachineState::NotApplicable, "not_applicable"},
                                               {MachineState::Unmanaged, "unmanaged"}};
constexpr Row<Integrity> kIntegrity[] = {{Integrity::Unknown, "unknown"},
                                         {Integrity::Intact, "intact"},
                                         {Integrity::Repaired, "repaired"},
                                         {Integrity::Damaged, "damaged"}};
constexpr Row<ReleaseState> kReleaseState[] = {{ReleaseState::Draft, "draft"},
                                               {ReleaseState::Running, "running"},
                                               {ReleaseState::Paused, "paused"},
                                               {ReleaseState::Halted, "halted"},
                                               {ReleaseState::RollingBack, "rolling_back"},
                                               {ReleaseState::RolledBack, "rolled_back"},
                                               {ReleaseState::Aborted, "aborted"},
                                               {ReleaseState::Done, "done"}};
constexpr Row<StageKind> kStageKind[] = {{StageKind::Gray, "gray"},
                                         {StageKind::Pilot, "pilot"},
                                         {StageKind::Batch, "batch"},
                                         {StageKind::Full, "full"}};
constexpr Row<ReleaseVerb> kReleaseVerb[] = {{ReleaseVerb::Start, "start"},
                                             {ReleaseVerb::Verify, "verify"},
                                             {ReleaseVerb::Pause, "pause"},
                                             {ReleaseVerb::Resume, "resume"},
                                             {ReleaseVerb::Promote, "promote"},
                                             {ReleaseVerb::PromoteAll, "promote-all"},
                                             {ReleaseVerb::RetryFailed, "retry-failed"},
                                             {ReleaseVerb::Abort, "abort"},
                                             {ReleaseVerb::Rollback, "rollback"},
                                             {ReleaseVerb::Approve, "approve"}};
constexpr Row<Outcome> kOutcome[] = {
    {Outcome::Pending, "pending"},   {Outcome::Ok, "ok"},
    {Outcome::Already, "already"},   {Outcome::Failed, "failed"},
    {Outcome::Reverted, "reverted"}, {Outcome::Silent, "silent"},
    {Outcome::Skipped, "skipped"},   {Outcome::Aborted, "aborted"}};

constexpr Row<BatchAdvance> kBatchAdvance[] = {{BatchAdvance::Auto, "auto"},
                                               {BatchAdvance::Promote, "promote"}};
constexpr Row<GateKind> kGateKind[] = {{GateKind::Bad, "bad"},
                                       {GateKind::Failed, "failed"},
                                       {GateKind::TimedOut, "timed-out"},
                                       {GateKind::Silent, "silent"},
                                       {GateKind::CrashLooping, "crash-looping"},
                                       {GateKind::Integrity, "integrity"},
                                       {GateKind::Cost, "cost"}};

std::span<const Row<Level>> rows(std::type_identity<Level>) {
    return kLevel;
}
std::span<const Row<DesiredAction>> rows(std::type_identity<DesiredAction>) {
    return kDesiredAction;
}
std::span<const Row<Verdict>> rows(std::type_identity<Verdict>) {
    return kVerdict;
}
std::span<const Row<MachineState>> rows(std::type_identity<MachineState>) {
    return kMachineState;
}
std::span<const Row<Integrity>> rows(std::type_identity<Integrity>) {
    return kIntegrity;
}
std::span<const Row<ReleaseState>> rows(std::type_identity<ReleaseState>) {
    return kReleaseState;
}
std::span<const Row<StageKind>> rows(std::type_identity<StageKind>) {
    return kStageKind;
}
std::span<const Row<ReleaseVerb>> rows(std::type_identity<ReleaseVerb>) {
    return kReleaseVerb;
}
std::span<const Row<Outcome>> rows(std::type_identity<Outcome>) {
    return kOutcome;
}
std::span<const Row<BatchAdvance>> rows(std::type_identity<BatchAdvance>) {
    return kBatchAdvance;
}
std::span<const Row<GateKind>> rows(std::type_identity<GateKind>) {
    return kGateKind;
}

template <typename Enum>
std::string_view find(Enum value) {
    for (const auto& [candidate, name] : rows(std::type_identity<Enum>{})) {
        if (candidate == value) return name;
    }
    return "unknown";
}

}  // namespace

std::string_view nameOf(Level value) {
    return find(value);
}
std::string_view nameOf(DesiredAction value) {
    return find(value);
}
std::string_view nameOf(Verdict value) {
    return find(value);
}
std::string_view nameOf(MachineState value) {
    return find(value);
}
std::string_view nameOfMachine(MachineState state, bool isOffline) {
    return isOffline && state != MachineState::Silent ? "offline" : nameOf(state);
}
std::string_view nameOf(Integrity value) {
    return find(value);
}
std::string_view nameOf(ReleaseState value) {
    return find(value);
}
std::string_view nameOf(StageKind value) {
    return find(value);
}
std::string_view nameOf(ReleaseVerb value) {
    return find(value);
}
std::string_view nameOf(Outcome value) {
    return find(value);
}
std::string_view nameOf(BatchAdvance value) {
    return find(value);
}
std::string_view nameOf(GateKind value) {
    return find(value);
}

std::string spoken(std::string_view name) {
    std::string out(name);
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

template <typename Enum>
std::optional<Enum> fromName(std::string_view name) {
    for (const auto& [value, candidate] : rows(std::type_identity<Enum>{})) {
        if (candidate == name) return value;
    }
    return std::nullopt;
}

template std::optional<Level> fromName(std::string_view);
template std::optional<DesiredAction> fromName(std::string_view);
template std::optional<Verdict> fromName(std::string_view);
template std::optional<MachineState> fromName(std::string_view);
template std::optional<Integrity> fromName(std::string_view);
template std::optional<ReleaseState> fromName(std::string_view);
template std::optional<StageKind> fromName(std::string_view);
template std::optional<ReleaseVerb> fromName(std::string_view);
template std::optional<Outcome> fromName(std::string_view);
template std::optional<BatchAdvance> fromName(std::string_view);
template std::optional<GateKind> fromName(std::string_view);

}  // namespace ifrit::domain
