// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/desired_state_codec.h"

#include <algorithm>

#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/domain/download_rate.h"
#include "shared/domain/names.h"

namespace ifrit::codec {

v1::DesiredEntry toWire(const domain::DesiredEntry& entry) {
    v1::DesiredEntry out;
    out.set_agent(entry.agent);
    out.set_action(toWire(entry.action));
    out.set_version(entry.version);
    out.set_manifest_digest(digestToWire(entry.manifestDigest));
    out.set_level(toWire(entry.level));
    out.set_timestamp_ms(base::toUnixMillis(entry.timestamp));
    out.set_generation(entry.generation);
    out.set_release_id(entry.releaseId);
    out.set_source(entry.source);
    out.set_pilot_limit(entry.pilotLimit);
    out.set_download_rate(entry.downloadRate);
    return out;
}

absl::StatusOr<domain::DesiredEntry> fromWire(const v1::DesiredEntry& entry) {
    domain::DesiredEntry out;
    IFRIT_RETURN_IF_ERROR(domain::checkAgentName(entry.agent()));
    out.agent = entry.agent();
    IFRIT_ASSIGN_OR_RETURN(out.action, fromWire(entry.action()));
    IFRIT_ASSIGN_OR_RETURN(out.level, fromWire(entry.level()));
    IFRIT_ASSIGN_OR_RETURN(out.manifestDigest, digestFromWire(entry.manifest_digest()));
    out.version = entry.version();
    if (out.action == domain::DesiredAction::Install) {
        IFRIT_RETURN_IF_ERROR(domain::checkVersion(out.version));
        IFRIT_RETURN_IF_ERROR(domain::checkSha256(out.manifestDigest));
    } else if (!out.version.empty() || !out.manifestDigest.empty()) {
        return base::invalidArgument("ENTRY_INVALID", out.agent,
                                     "an uninstall of {} names a version", out.agent);
    }
    IFRIT_RETURN_IF_ERROR(checkText("release id", entry.release_id(), kMaxShortTextBytes));
    IFRIT_RETURN_IF_ERROR(checkText("source", entry.source(), kMaxShortTextBytes));
    out.timestamp = base::fromUnixMillis(entry.timestamp_ms());
    out.generation = entry.generation();
    out.releaseId = entry.release_id();
    out.source = entry.source();
    out.pilotLimit = entry.pilot_limit();
    // A newer master may know slower ones: refusing the entry would keep all others back too.
    if (entry.download_rate() != 0)
        out.downloadRate = std::max(entry.download_rate(), domain::kLeastDownloadRate);
    return out;
}

v1::DesiredFragment toFragment(const std::vector<domain::DesiredEntry>& entries) {
    v1::DesiredFragment out;
    for (const domain::DesiredEntry& entry : entries)
        *out.add_entries() = toWire(entry);
    return out;
}

absl::StatusOr<domain::DesiredState> fromWire(const v1::MachineDesiredState& state) {
    const auto& entries = state.fragment().entries();
    IFRIT_RETURN_IF_ERROR(
        checkCount("entries", static_cast<std::size_t>(entries.size()), kMaxEntriesPerMachine));
    domain::DesiredState out;
    out.generation = state.generation();
    out.etag = state.etag();
    for (const v1::DesiredEntry& entry : entries) {
        IFRIT_ASSIGN_OR_RETURN(domain::DesiredEntry decoded, fromWire(entry));
        out.entries.push_back(std::move(decoded));
    }
    return out;
}

}  // namespace ifrit::codec
