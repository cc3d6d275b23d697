// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/diagnostics.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QGuiApplication>
#include <QLocale>
#include <QScreen>
#include <QSysInfo>

#include "gui/app/desktop.h"
#include "gui/app/local_log.h"
#include "gui/models/redacted.h"

namespace ifrit::gui::app {
namespace {

constexpr std::size_t kOperations = 200;

void addProgram(QStringList& out) {
    out << QStringLiteral("ifrit-desktop %1").arg(QCoreApplication::applicationVersion());
    out << QStringLiteral("made %1").arg(QDateTime::currentDateTimeUtc().toString(Qt::ISODate));
    out << QStringLiteral("Qt %1, %2, %3, %4")
               .arg(QLatin1String(qVersion()), QSysInfo::prettyProductName(),
                    QSysInfo::currentCpuArchitecture(), QGuiApplication::platformName());
    out << QStringLiteral("locale %1").arg(QLocale::system().name());
    for (const QScreen* screen : QGuiApplication::screens()) {
        out << QStringLiteral("screen %1x%2 at %3")
                   .arg(screen->size().width())
                   .arg(screen->size().height())
                   .arg(screen->devicePixelRatio());
    }
}

void addSettings(const QSettings& settings, QStringList& out) {
    out << QString() << QStringLiteral("[settings]");
    for (const QString& key : settings.allKeys()) {
        // Sizes and columns are bytes, and tell nothing.
        if (key.startsWith(QLatin1String("layout/"))) continue;
        out << QStringLiteral("%1 = %2").arg(key, settings.value(key).toString());
    }
}

void addLine(const presenters::ConnectionHub& hub, QStringList& out) {
    out << QString() << QStringLiteral("[connection]");
    if (!hub.hasSession()) {
        out << QStringLiteral("none");
        return;
    }
    out << QStringLiteral("cluster %1, %2, %3")
               .arg(models::toText(hub.profile().bundle.cluster),
                    models::toText(hub.profile().bundle.kind),
                    hub.profile().readOnly ? QStringLiteral("read-only")
                                           : QStringLiteral("full access"));
    out << QStringLiteral("state %1, address %2, last error %3")
               .arg(models::toText(services::nameOf(hub.link().state)),
                    models::toText(hub.link().address),
                    models::toText(hub.link().lastError.ToString()));
    if (hub.identity()) {
        out << QStringLiteral("user %1, role %2, by %3")
                   .arg(models::toText(hub.identity()->user), models::toText(hub.identity()->role),
                        models::toText(hub.identity()->method));
    }
}

}  // namespace

QString diagnosticsOf(const Desktop& desktop, const LocalLog* log) {
    QStringList out;
    addProgram(out);
    addSettings(desktop.settings, out);
    addLine(desktop.hub, out);
    if (const auto& cluster = desktop.feed.cluster()) {
        out << QStringLiteral("master %1, generation %2, machines %3")
                   .arg(models::toText(cluster->serverVersion))
                   .arg(cluster->generation)
                   .arg(cluster->machines);
    }
    out << QString() << QStringLiteral("[calls]");
    for (const presenters::Operation& operation : desktop.operations.operations()) {
        out << QStringLiteral("%1 %2: %3, request %4, %5")
                   .arg(QDateTime::fromMSecsSinceEpoch(base::toUnixMillis(operation.began))
                            .toUTC()
                            .toString(Qt::ISODateWithMs),
                        operation.cluster, operation.what.text(),
                        models::toText(operation.requestId),
                        models::toText(operation.status.ToString()));
        if (static_cast<std::size_t>(out.size()) > kOperations * 2) break;
    }
    if (log != nullptr) out << QString() << QStringLiteral("[log]") << log->tail();
    return models::redacted(out.join(QLatin1Char('\n'))) + QLatin1Char('\n');
}

}  // namespace ifrit::gui::app
