// SPDX-License-Identifier: Apache-2.0
// Many tests in one program: cmake/IfritTests.cmake makes its main().
#pragma once
#include <cstdio>
#include <span>
#include <string_view>

namespace ifrit::tests {

struct JoinedTest {
    std::string_view name;
    int (*main)(int, char**);
};

/// The one that the program was started as, by a link of that name. 2: there is none.
inline int runJoined(std::span<const JoinedTest> tests, int argc, char** argv) {
    const std::string_view path = argc > 0 ? argv[0] : "";
    const std::string_view name = path.substr(path.rfind('/') + 1);
    for (const JoinedTest& test : tests) {
        if (test.name == name) return test.main(argc, argv);
    }
    std::fputs("start one of these by the link beside this program:\n", stderr);
    for (const JoinedTest& test : tests)
        std::fprintf(stderr, "    %.*s\n", static_cast<int>(test.name.size()), test.name.data());
    return 2;
}

}  // namespace ifrit::tests
