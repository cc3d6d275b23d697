// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ifrit::gui::models {

/// True for what people compare letter by letter, and the look shows in the monospace font: a uuid
/// of RFC 9562, a digest or fingerprint in hex, also shortened by an ellipsis, an address as
/// "10.0.0.7", "10.0.0.7:7443" or "[::1]:7443"; several of one kind with commas between them.
bool isIdentifier(const QString& text);

}  // namespace ifrit::gui::models
