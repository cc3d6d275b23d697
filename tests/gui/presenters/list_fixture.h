// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QSettings>
#include <QTemporaryDir>

#include <string>

#include "gui/presenters/connections_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/cluster_pki.h"

namespace ifrit::tests {

/// A list of masters over a settings file of its own, and the PKI of one cluster.
struct ListFixture {
    explicit ListFixture(const std::string& cluster) : pki(cluster, fixture.clock.now()) {}
    /// The path of a new file beside the settings.
    QString file(const char* name, const QByteArray& content) const {
        QFile out(directory.filePath(QString::fromLatin1(name)));
        if (!out.open(QIODevice::WriteOnly)) qFatal("no file");
        out.write(content);
        return out.fileName();
    }

    HubFixture fixture;
    ClusterPki pki;
    QTemporaryDir directory;
    QSettings settings{directory.filePath(QStringLiteral("desktop.ini")), QSettings::IniFormat};
    gui::presenters::ConnectionStore store{settings};
    gui::presenters::ConnectionsPresenter connections{
        {fixture.hub, store, fixture.factory, fixture.secrets}};
};

}  // namespace ifrit::tests
