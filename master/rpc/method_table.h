// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "master/rpc/worker_pool.h"

namespace ifrit::master::rpc {

/// Who may call a method.
enum class Access {
    Anyone,
    Machine,
    Reader,      ///< every signed-in operator
    Granted,     ///< super admins, and operators whom a grant of the verb lets
    SuperAdmin,  ///< super admins alone: no grant opens it
    Master
};

enum class Effect { Read, Write };

/// What a grant of the verb must cover, or whose it must be, so that the method may be called.
enum class Scope {
    None,     ///< nothing: some grant of the verb will do
    Cluster,  ///< every agent and machine type of the cluster
    Agent,    ///< the agent and the machine types that the call names or is about
    Own       ///< no grant: what is the caller's own; super admins may for others too
};

/// What a call must say again that came with a token (password_again.h).
enum class Again {
    Nothing,
    Password,           ///< it makes or widens access
    PasswordForOthers,  ///< where it is about another user than the caller
    PasswordInRequest   ///< in a field of the request's own, which its handler looks at
};

/// One method of the contract and what it needs. The table is the only place that says so; tests
/// walk the descriptors and find a method that is missing here, call each as everybody, and hold
/// the table of docs/security.md against this one.
struct MethodRule {
    std::string_view method;  ///< "ifrit.v1.Releases/ActOnRelease"
    Access access = Access::SuperAdmin;
    /// Its name in the audit, in grants and in WhoAmI's permissions; empty: no permission is asked
    /// and no refusal is audited.
    std::string_view verb;
    Effect effect = Effect::Read;
    Scope scope = Scope::None;
    Again again = Again::Nothing;
};

const std::vector<MethodRule>& methodTable();
/// nullptr: not in the table; such a call is refused.
const MethodRule* findMethod(std::string_view method);

/// Whose queue its calls wait in: tens of thousands of machines, or the few people.
Lane laneOf(std::string_view method);

/// The permissions that a method may ask for: its verb, or each of release.start, release.pause...
/// for the one method that has many.
std::vector<std::string> permissionsOf(const MethodRule& rule);
/// Every permission that a grant can give, in the table's order, each once.
std::vector<std::string> grantablePermissions();
/// Those that no grant gives, because they are super admins' alone, or theirs alone for others.
std::vector<std::string> superAdminPermissions();

/// The table as docs/security.md has it, in Markdown.
std::string methodTableMarkdown();

}  // namespace ifrit::master::rpc
