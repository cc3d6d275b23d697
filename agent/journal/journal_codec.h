// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "agent/journal/journal_state.h"
#include "shared/base/status.h"

namespace ifrit::agent::journal {

/// A later minor format adds keys, which are kept or left out (journal_toml.h), and words, whose
/// values are left out; it never gives a known key another type. A later major one is refused.
inline constexpr int kFormatMajor = 1;
inline constexpr int kFormatMinor = 1;

/// The journal file: one line with format, length and XXH3 of the rest, then TOML for people.
/// `unknownKeys` is TOML too, what decode() found and did not know. Bytes of texts that are not
/// UTF-8 (a hook's output) become U+FFFD, because TOML has no place for them.
std::string encode(const JournalState& state, const std::string& unknownKeys);

struct Decoded {
    JournalState state;
    std::string unknownKeys;
};

/// DATA_LOSS JOURNAL_DAMAGED unless every byte is as encode() wrote it;
/// FAILED_PRECONDITION JOURNAL_TOO_NEW for a later major format.
absl::StatusOr<Decoded> decode(std::string_view file);

}  // namespace ifrit::agent::journal
