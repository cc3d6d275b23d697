// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include "agent/journal/journal_state.h"
#include "shared/base/status.h"

namespace ifrit::agent::journal {

/// What a document holds.
struct ReadToml {
    JournalState state;
    /// Keys that were not known, of the document itself, of agents and of `report`; in the same
    /// shape. Those of a value that is replaced as a whole (a step, a process, an event) are not
    /// kept: they would come to say something about its successor.
    toml::table unknown;
};

/// Who wrote the document: this format, where an unknown word is damage, or a later one that may
/// have words of its own (an operation, a level). What such a word is about is then left out, so
/// that an older ifrit-agent that is put back can go on from what a newer one left.
enum class Writer { ThisFormat, LaterMinor };

/// JournalState as a TOML document and back. Absent keys are defaults; a key of the wrong type is
/// DATA_LOSS JOURNAL_DAMAGED with its name.
toml::table toToml(const JournalState& state);
absl::StatusOr<ReadToml> fromToml(const toml::table& document, Writer writer);
/// Puts what `unknown` holds (ReadToml) back where it was, as far as its place is still there.
void addUnknown(toml::table& document, const toml::table& unknown);

}  // namespace ifrit::agent::journal
