// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ifrit::master::rpc {

/// Who may call a method.
enum class Access { Anyone, Machine, Reader, SuperAdmin, Master };

/// One method of the contract and what it needs. The table is the only place that says so; a test
/// walks the descriptors and finds a method that is missing here.
struct MethodRule {
    std::string_view method;  ///< "ifrit.v1.Releases/ActOnRelease"
    Access access = Access::SuperAdmin;
    /// Its name in the audit and in WhoAmI's permissions; empty: it changes nothing.
    std::string_view verb;
};

const std::vector<MethodRule>& methodTable();
/// nullptr: not in the table; such a call is refused.
const MethodRule* findMethod(std::string_view method);

}  // namespace ifrit::master::rpc
