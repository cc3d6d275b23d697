// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <QtGlobal>

namespace ifrit::tests {

/// While it lives this process can open `left` more descriptors and no more. Nothing else may open
/// or close one meanwhile.
class FewDescriptors {
public:
    explicit FewDescriptors(int left) {
        const int next = ::dup(0);
        ::close(next);
        if (next < 0 || ::getrlimit(RLIMIT_NOFILE, &m_before) != 0) qFatal("no limit is known");
        const rlimit few{static_cast<rlim_t>(next + left), m_before.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &few) != 0) qFatal("the limit could not be set");
    }
    ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &m_before); }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;

private:
    rlimit m_before{};
};

}  // namespace ifrit::tests
