// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ifrit::agent::platform {

/// What POSIX does not say how to do, in each system's own way. As system calls do, each gives 0,
/// or -1 with errno.

/// A pipe whose ends no other program gets that is started meanwhile.
int pipeForUs(int (&ends)[2]);

/// Two connected sockets, as pipeForUs(). Writing to the first, when the second's owner was killed,
/// raises no SIGPIPE if it is done by send() with kNoSignal.
int socketsForUs(int (&ends)[2]);
extern const int kNoSignal;

/// Closes `first` and all descriptors above it. Async-signal-safe.
void closeFrom(int first);

/// As waitpid(2) with WNOHANG, of a child by a handle of it, which names no other process however
/// late it is: 1 when it has ended (it is reaped then), 0 when it has not, -1 when it is no child.
/// Not every system has such handles.
int reapByHandle(int handle);

/// Lets the parent hold this process at the end of its exec. Async-signal-safe.
int askToBeTraced();

}  // namespace ifrit::agent::platform
