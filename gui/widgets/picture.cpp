// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/picture.h"

#include <QBuffer>
#include <QPainter>
#include <QSvgGenerator>
#include <QWidget>

#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

void render(QWidget& view, const Theme& theme, QPainter& painter) {
    painter.fillRect(view.rect(), theme.color(Token::Surface));
    view.render(&painter, QPoint(), QRegion(), QWidget::DrawChildren);
}

}  // namespace

QImage pictureOf(QWidget& view, const Theme& theme, double ratio) {
    QImage image(QSizeF(view.size() * ratio).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    QPainter painter(&image);
    render(view, theme, painter);
    return image;
}

QByteArray svgOf(QWidget& view, const Theme& theme) {
    QByteArray out;
    QBuffer buffer(&out);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(view.size());
    generator.setViewBox(view.rect());
    generator.setTitle(view.accessibleName());
    generator.setDescription(view.accessibleDescription());
    QPainter painter(&generator);
    render(view, theme, painter);
    painter.end();
    return out;
}

}  // namespace ifrit::gui::widgets
