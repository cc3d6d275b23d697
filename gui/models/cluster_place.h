// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <string>

namespace ifrit::gui::models {

/// A cluster as it is told where something is done in it: with its kind, so that nobody takes one
/// in production for another.
struct ClusterPlace {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::ClusterPlace)
public:
    QString name;
    std::string kind = {};  ///< as its bundle says; empty: not known
    bool isProduction() const { return kind == "production"; }
    /// "shop-north · PRODUCTION".
    QString text() const;
    static QString productionWord();
    /// Of what is neither test nor production: development.
    QString kindWord() const;
    bool operator==(const ClusterPlace&) const = default;
};

}  // namespace ifrit::gui::models
