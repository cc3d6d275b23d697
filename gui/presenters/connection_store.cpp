// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/connection_store.h"

#include <QDir>
#include <QFileInfo>

namespace ifrit::gui::presenters {
namespace {

constexpr char kArray[] = "masters";

}  // namespace

std::vector<KnownMaster> ConnectionStore::load() const {
    std::vector<KnownMaster> out;
    const int count = m_settings.beginReadArray(QLatin1String(kArray));
    for (int i = 0; i < count; ++i) {
        m_settings.setArrayIndex(i);
        KnownMaster master;
        master.bundlePath = m_settings.value(QStringLiteral("bundle")).toString();
        master.cluster = m_settings.value(QStringLiteral("cluster")).toString();
        master.kind = m_settings.value(QStringLiteral("kind")).toString();
        master.address = m_settings.value(QStringLiteral("address")).toString();
        master.readOnly = m_settings.value(QStringLiteral("readOnly")).toBool();
        master.group = m_settings.value(QStringLiteral("group")).toString();
        master.watched = m_settings.value(QStringLiteral("watched"), true).toBool();
        if (!master.bundlePath.isEmpty()) out.push_back(master);
    }
    m_settings.endArray();
    return out;
}

void ConnectionStore::save(const std::vector<KnownMaster>& masters) {
    m_settings.remove(QLatin1String(kArray));
    m_settings.beginWriteArray(QLatin1String(kArray));
    int index = 0;
    for (const KnownMaster& master : masters) {
        if (master.isPassing) continue;
        m_settings.setArrayIndex(index++);
        m_settings.setValue(QStringLiteral("bundle"), master.bundlePath);
        m_settings.setValue(QStringLiteral("cluster"), master.cluster);
        m_settings.setValue(QStringLiteral("kind"), master.kind);
        m_settings.setValue(QStringLiteral("address"), master.address);
        m_settings.setValue(QStringLiteral("readOnly"), master.readOnly);
        m_settings.setValue(QStringLiteral("group"), master.group);
        m_settings.setValue(QStringLiteral("watched"), master.watched);
    }
    m_settings.endArray();
    m_settings.sync();
}

QString ConnectionStore::bundleDirectory() const {
    return QFileInfo(m_settings.fileName()).absoluteDir().filePath(QStringLiteral("bundles"));
}

}  // namespace ifrit::gui::presenters
