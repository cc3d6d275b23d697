// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/fragment_codec.h"

#include "shared/base/status.h"
#include "shared/codec/desired_state_codec.h"
#include "shared/codec/limits.h"

namespace ifrit::codec {

std::string encodeFragment(const std::vector<domain::DesiredEntry>& entries) {
    // No map fields in it: the generated serializer is deterministic here.
    return toFragment(entries).SerializeAsString();
}

absl::StatusOr<std::vector<domain::DesiredEntry>> decodeFragment(const std::string& bytes) {
    v1::DesiredFragment fragment;
    if (!fragment.ParseFromString(bytes)) {
        return base::invalidArgument("FRAGMENT_MALFORMED", "",
                                     "{} bytes are no desired-state fragment", bytes.size());
    }
    IFRIT_RETURN_IF_ERROR(checkCount("entries", static_cast<std::size_t>(fragment.entries_size()),
                                     kMaxEntriesPerMachine));
    std::vector<domain::DesiredEntry> out;
    for (const auto& wire : fragment.entries()) {
        IFRIT_ASSIGN_OR_RETURN(domain::DesiredEntry entry, fromWire(wire));
        out.push_back(std::move(entry));
    }
    return out;
}

}  // namespace ifrit::codec
