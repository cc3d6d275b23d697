// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPaintDevice>
#include <QPaintEngine>
#include <QPainter>
#include <QTabBar>
#include <QWidget>

#include <vector>

namespace ifrit::tests {

/// A run of letters of one font, where it was painted; of the window that was recorded.
struct PaintedText {
    const QWidget* widget = nullptr;
    QString text;
    QRectF box;
    bool struck = false;
};

/// Takes notes of the letters that a widget paints, and of nothing else.
class TextEngine : public QPaintEngine {
public:
    TextEngine() : QPaintEngine(QPaintEngine::AllFeatures) {}
    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    void updateState(const QPaintEngineState&) override {}
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
    void drawImage(const QRectF&, const QImage&, const QRectF&, Qt::ImageConversionFlags) override {
    }
    void drawTiledPixmap(const QRectF&, const QPixmap&, const QPointF&) override {}
    void drawPath(const QPainterPath&) override {}
    void drawPolygon(const QPointF*, int, PolygonDrawMode) override {}
    void drawTextItem(const QPointF& at, const QTextItem& item) override {
        if (item.text().trimmed().isEmpty()) return;
        const QRectF box(at.x(), at.y() - item.ascent(), item.width(),
                         item.ascent() + item.descent());
        found.push_back({widget, item.text(), painter()->deviceTransform().mapRect(box),
                         item.font().strikeOut()});
    }
    Type type() const override { return QPaintEngine::User; }

    const QWidget* widget = nullptr;
    std::vector<PaintedText> found;
};

class TextRecorder : public QPaintDevice {
public:
    explicit TextRecorder(QSize size) : m_size(size) {}
    QPaintEngine* paintEngine() const override { return &m_engine; }
    TextEngine& engine() { return m_engine; }

protected:
    int metric(PaintDeviceMetric metric) const override {
        switch (metric) {
            case PdmWidth:
                return m_size.width();
            case PdmHeight:
                return m_size.height();
            case PdmDepth:
                return 32;
            case PdmNumColors:
                return 0;
            case PdmDevicePixelRatio:
                return 1;
            case PdmDevicePixelRatioScaled:
                return static_cast<int>(devicePixelRatioFScale());
            default:
                return 96;
        }
    }

private:
    QSize m_size;
    mutable TextEngine m_engine;
};

/// Every text on screen, widget by widget.
inline std::vector<PaintedText> paintedTexts(QWidget& root) {
    TextRecorder recorder(root.size());
    QList<QWidget*> widgets = root.findChildren<QWidget*>();
    widgets.prepend(&root);
    for (QWidget* widget : widgets) {
        if (!widget->isVisible() || widget->visibleRegion().isEmpty()) continue;
        recorder.engine().widget = widget;
        widget->render(&recorder, widget->mapTo(&root, QPoint()), QRegion(), {});
    }
    return std::move(recorder.engine().found);
}

/// Shows a part of what it holds, on purpose: what is scrolled or typed, cells that end in "…".
inline bool showsAPart(const QWidget& widget) {
    return qobject_cast<const QLineEdit*>(&widget) != nullptr ||
           qobject_cast<const QComboBox*>(&widget) != nullptr ||
           qobject_cast<const QTabBar*>(&widget) != nullptr ||
           qobject_cast<const QAbstractScrollArea*>(widget.parentWidget()) != nullptr;
}

/// Letters that run over the edge of their widget, over other letters, or were cut to "…" where
/// nothing tells the rest; `texts` are those of the root. Empty: none.
inline QStringList paintedFaults(QWidget& root, std::vector<PaintedText> texts) {
    QStringList out;
    std::vector<PaintedText> shown;
    // A list that drops down covers what is under it, on purpose.
    const auto* list = root.findChild<QListWidget*>(QStringLiteral("choices"));
    const QRectF cover = list != nullptr && list->isVisible()
                             ? QRectF(list->mapTo(&root, QPoint()), list->size())
                             : QRectF();
    for (PaintedText& text : texts) {
        const QWidget& widget = *text.widget;
        const QRectF visible =
            QRectF(widget.visibleRegion().boundingRect()).translated(widget.mapTo(&root, QPoint()));
        const QRectF whole = QRectF(widget.mapTo(&root, QPoint()), widget.size());
        const bool over =
            text.box.left() < whole.left() - 1 || text.box.right() > whole.right() + 1;
        if (over && !showsAPart(widget))
            out << QStringLiteral("runs over its edge: \"%1\"").arg(text.text);
        if (widget.inherits("ifrit::gui::widgets::BatchLanes") &&
            text.text.contains(QChar(0x2026))) {
            out << QStringLiteral("cut: \"%1\"").arg(text.text);
        }
        if (text.box.intersects(cover) && !list->isAncestorOf(&widget)) continue;
        text.box &= visible;
        if (text.box.width() > 0 && text.box.height() > 0) shown.push_back(text);
    }
    constexpr double kTouch = 2.5;  // the room above and below letters may meet
    for (std::size_t i = 0; i < shown.size(); ++i) {
        for (std::size_t j = i + 1; j < shown.size(); ++j) {
            const QRectF common = shown[i].box & shown[j].box;
            if (common.width() < kTouch || common.height() < 2 * kTouch) continue;
            out << QStringLiteral("\"%1\" lies over \"%2\"").arg(shown[j].text, shown[i].text);
        }
    }
    return out;
}

}  // namespace ifrit::tests
