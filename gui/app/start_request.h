// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace ifrit::gui::app {

/// What a start of the program is to show; one that finds the program running hands it over.
struct StartRequest {
    QStringList bundles;  ///< absolute paths: the other program was started elsewhere
    QString link;
    QString page;

    bool operator==(const StartRequest&) const = default;
    /// One line without its end: a link alone as it is, as programs from before bundles and pages
    /// were handed over understand it.
    QByteArray toLine() const;
    /// What it does not say is empty.
    static StartRequest fromLine(const QByteArray& line);
};

}  // namespace ifrit::gui::app
