// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ifrit::gui::models {

/// The text without what could be a secret: PEM blocks of keys, bearer tokens, values of keys that
/// are called password, token, secret, passphrase or key, user and password of URLs, and long runs
/// of letters and digits that are no digest, uuid or path. What is taken out is "[removed]".
QString redacted(QString text);

}  // namespace ifrit::gui::models
