// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/cluster_place.h"

namespace ifrit::gui::models {

QString ClusterPlace::productionWord() {
    return tr("PRODUCTION");
}

QString ClusterPlace::kindWord() const {
    if (isProduction()) return productionWord();
    return kind == "test" ? tr("test") : tr("development");
}

QString ClusterPlace::text() const {
    return kind.empty() ? name : name + QStringLiteral(" · ") + kindWord();
}

}  // namespace ifrit::gui::models
