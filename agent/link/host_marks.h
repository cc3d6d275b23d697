// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ifrit::agent::link {

/// What tells one host from another one that runs from a copy of its disk: kind ("machine-id",
/// "instance", "board", "network") to a digest of what the host says there. Kept beside the
/// certificate, so that a copy of it is known for what it is.
using HostMarks = std::map<std::string, std::string>;

/// The digest that stands for `value` in HostMarks: the ids themselves are nobody's business.
std::string hostMark(std::string_view kind, std::string_view value);

enum class Likeness {
    Same,
    Other,
    Unknown  ///< nothing that both have
};

/// Instance and board decide where both have them: a copied disk brings its machine-id along, a
/// machine with a new network card is still the same. Without them, machine-id and card must both
/// have changed before it is another host.
Likeness likeness(const HostMarks& before, const HostMarks& now);

/// "kind=digest" lines for a comment, and back; what is no such line is not taken.
std::string formatHostMarks(const HostMarks& marks);
HostMarks parseHostMarks(std::string_view text);

}  // namespace ifrit::agent::link
