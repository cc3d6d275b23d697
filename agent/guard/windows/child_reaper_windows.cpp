// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/child_reaper.h"

namespace ifrit::agent::guard {

void ChildReaper::end(const platform::ProcessId& process, platform::Signaller& signaller) {
    signaller.signal(process, platform::Signal::Kill).IgnoreError();
}

// Nothing stays behind of a process that has ended, and nobody inherits its children.
void ChildReaper::reap(const std::optional<platform::ProcessId>&) {}

}  // namespace ifrit::agent::guard
