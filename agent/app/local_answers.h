// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "agent/app/machine_view.h"
#include "agent/journal/journal.h"
#include "agent/local/local_message.h"

namespace ifrit::agent::app {

/// What ifrit-agent answers on its local socket (`ifrit-agent status`, `explain`, `reset-bad`,
/// `doctor`):
///
///     status [text|json]       statusText(), statusJson()
///     explain AGENT            explainText()
///     states                   one line an agent: name, state, what is done, separated by tabs;
///                              where something failed also the reason and the message of that
///     reset-bad AGENT|all [DIGEST]
///
/// Called on the thread "local".
class LocalAnswers {
public:
    struct Parts {
        const base::Clock& clock;
        journal::Journal& journal;
        std::function<MachineView()> view;
        std::function<void()> wake;  ///< the machine's loop shall look again
    };
    explicit LocalAnswers(Parts parts) : m_parts(std::move(parts)) {}

    absl::StatusOr<std::string> answer(const local::LocalRequest& request);

private:
    const Parts m_parts;
};

/// Lets the machine try versions again that failed there: of one agent, or of "all"; `digest`
/// empty: all of its bad versions. Says what was forgotten, for people. NOT_FOUND NOT_KNOWN_BAD.
absl::StatusOr<std::string> resetBad(journal::Journal& journal, const std::string& agent,
                                     const std::string& digest);

}  // namespace ifrit::agent::app
