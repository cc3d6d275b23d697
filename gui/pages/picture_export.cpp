// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/picture_export.h"

#include <QAction>
#include <QCoreApplication>
#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QSaveFile>

#include <algorithm>

#include "gui/widgets/panel.h"
#include "gui/widgets/picture.h"

namespace ifrit::gui::pages {
namespace {

/// Sharp on paper and on screens of any density.
constexpr double kRatio = 2.0;

struct PictureExport {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::pages::PictureExport)
};

}  // namespace

QString writePicture(QWidget& view, const widgets::Theme& theme, const QString& path) {
    QSaveFile file(path);
    bool written = file.open(QIODevice::WriteOnly);
    if (written && path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)) {
        written = file.write(widgets::svgOf(view, theme)) >= 0;
    } else if (written) {
        const double ratio = std::max(kRatio, view.devicePixelRatioF());
        written = widgets::pictureOf(view, theme, ratio).save(&file, "PNG");
    }
    if (written && file.commit()) return {};
    return PictureExport::tr("%1 was not written: %2.").arg(path, file.errorString());
}

void exportPicture(QWidget& view, const widgets::Theme& theme, const QString& name,
                   QWidget* parent) {
    const QString png = PictureExport::tr("Picture (*.png)");
    const QString svg = PictureExport::tr("Drawing (*.svg)");
    QString chosen;
    QString path = QFileDialog::getSaveFileName(parent, PictureExport::tr("Export %1").arg(name),
                                                name + QStringLiteral(".png"),
                                                png + QStringLiteral(";;") + svg, &chosen);
    if (path.isEmpty()) return;
    // The kind that was chosen holds where the name says another.
    const QString ending = chosen == svg ? QStringLiteral(".svg") : QStringLiteral(".png");
    if (!path.endsWith(ending, Qt::CaseInsensitive)) {
        const QString other = chosen == svg ? QStringLiteral(".png") : QStringLiteral(".svg");
        if (path.endsWith(other, Qt::CaseInsensitive)) path.chop(other.size());
        path += ending;
    }
    const QString problem = writePicture(view, theme, path);
    if (!problem.isEmpty())
        QMessageBox::warning(parent, PictureExport::tr("Not exported"), problem);
}

QAction* addExportEntry(QWidget& view, const widgets::Theme& theme, const QString& name) {
    auto* entry = new QAction(&view);
    view.addAction(entry);
    view.setContextMenuPolicy(Qt::ActionsContextMenu);
    QObject::connect(entry, &QAction::triggered, &view,
                     [&view, &theme, name] { exportPicture(view, theme, name, view.window()); });
    return entry;
}

QPushButton* addExport(widgets::Panel& panel) {
    auto* button = new QPushButton(&panel);
    button->setProperty("look", QLatin1String("link"));
    panel.headingRow()->addWidget(button);
    return button;
}

}  // namespace ifrit::gui::pages
