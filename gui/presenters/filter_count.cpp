// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/filter_count.h"

#include <QCoreApplication>

#include "gui/models/text_format.h"

namespace ifrit::gui::presenters {

QString countText(qint64 shown, qint64 known, bool hasMore) {
    const char* text =
        hasMore ? QT_TRANSLATE_NOOP("ifrit::gui::presenters", "%1 shown · %2 read so far")
                : QT_TRANSLATE_NOOP("ifrit::gui::presenters", "%1 shown · %2 in all");
    return QCoreApplication::translate("ifrit::gui::presenters", text)
        .arg(models::grouped(shown), models::grouped(known));
}

}  // namespace ifrit::gui::presenters
