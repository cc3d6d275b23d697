// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ifrit::tests {

/// While it lives every accept4() of this program fails with an error and takes nobody from the
/// queue. One at a time; the accepting thread may be another.
class FailingAccept {
public:
    explicit FailingAccept(int error);
    ~FailingAccept() { end(); }
    FailingAccept(const FailingAccept&) = delete;
    FailingAccept& operator=(const FailingAccept&) = delete;

    /// How often it has failed.
    int count() const;
    void end();
};

}  // namespace ifrit::tests
