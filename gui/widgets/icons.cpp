// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/icons.h"

#include <QCoreApplication>
#include <QFile>
#include <QHash>
#include <QPainter>
#include <QSvgRenderer>

namespace ifrit::gui::widgets {
namespace {

QIcon draw(const QString& name, const QColor& color) {
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QByteArray svg = file.readAll();
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    QIcon out;
    for (const int size : {16, 20, 32, 40, 64}) {
        QPixmap pixmap(size, size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        out.addPixmap(pixmap);
    }
    return out;
}

/// Few: a name has as many colours as there are themes and states. Gone before the application is,
/// which pictures must not outlive.
QHash<QString, QIcon>& drawn() {
    static QHash<QString, QIcon> icons;
    static const bool kEnds = [] {
        qAddPostRoutine([] { icons.clear(); });
        return true;
    }();
    Q_UNUSED(kEnds);
    return icons;
}

}  // namespace

QIcon icon(const QString& name, const QColor& color) {
    QIcon& icon = drawn()[name + color.name()];
    if (icon.isNull()) icon = draw(name, color);
    return icon;
}

}  // namespace ifrit::gui::widgets
