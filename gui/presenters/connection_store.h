// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSettings>
#include <QString>

#include <vector>

#include "gui/models/cluster_place.h"

namespace ifrit::gui::presenters {

/// What the program remembers of a master: where its bundle file is, and never what is in it that
/// is secret.
struct KnownMaster {
    QString bundlePath;
    QString cluster;
    QString kind;
    QString address;
    bool readOnly = false;
    QString group;           ///< what the operator calls its set; empty: none
    bool watched = true;     ///< has a card on the map while another is looked at
    bool isPassing = false;  ///< a demo's: it goes with the demo, and no settings file keeps it
    models::ClusterPlace place() const { return {cluster, kind.toStdString()}; }
    bool operator==(const KnownMaster&) const = default;
};

/// The list of masters in the settings file. GUI thread.
class ConnectionStore {
public:
    /// `settings` must outlive the store.
    explicit ConnectionStore(QSettings& settings) : m_settings(settings) {}
    std::vector<KnownMaster> load() const;
    /// All but the passing ones.
    void save(const std::vector<KnownMaster>& masters);
    /// Where bundles are kept that came without a file.
    QString bundleDirectory() const;

private:
    QSettings& m_settings;
};

}  // namespace ifrit::gui::presenters
