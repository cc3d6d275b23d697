// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ifrit::gui::presenters {

/// Something that the operator may do, or why not: a disabled action always says why.
struct Action {
    QString whyNot;  ///< empty: it can be done
    bool enabled() const { return whyNot.isEmpty(); }
    bool operator==(const Action&) const = default;
};

}  // namespace ifrit::gui::presenters
