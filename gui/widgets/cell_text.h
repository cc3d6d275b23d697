// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCache>
#include <QFont>
#include <QRect>
#include <QStaticText>
#include <QString>

#include <array>
#include <cstddef>
#include <optional>

class QPainter;

namespace ifrit::gui::widgets {

class Theme;

/// One line of text in a cell, laid out once for as long as it is on screen often: to shape a text
/// takes several times as long as to paint it, and a table paints the same ones with each update.
/// GUI thread.
class CellText {
public:
    enum class Face { Text, Strong, Monospace };
    enum class Line { None, Through };

    explicit CellText(const Theme& theme) : m_theme(theme) {}

    /// With the painter's pen; what does not fit into `rect` ends in "…". A digest, uuid or address
    /// has it in its middle: those are told apart by their ends.
    void draw(QPainter& painter, const QRect& rect, Qt::Alignment alignment, const QString& text,
              Face face, Line line = Line::None);
    /// On as many lines as it takes, from the top of `rect` on: between words, else anywhere.
    void drawLines(QPainter& painter, const QRect& rect, const QString& text, Face face);
    /// Of drawLines() at this width, in pixels.
    int heightOfLines(const QString& text, Face face, int width);
    /// Of the whole text, in pixels.
    int width(const QString& text, Face face);
    /// The theme's fonts have changed.
    void forget();

private:
    static constexpr int kWhole = -1;
    static constexpr int kMostTexts = 4'096;
    struct Key {
        QString text;
        Face face = Face::Text;
        int room = kWhole;     ///< pixels that it was cut to
        bool isLines = false;  ///< or broken at
        bool operator==(const Key&) const = default;
    };
    friend std::size_t qHash(const Key& key, std::size_t seed) noexcept {
        return qHashMulti(seed, key.text, static_cast<int>(key.face), key.room, key.isLines);
    }

    const QFont& fontOf(Face face);
    QString cut(const Key& key);
    /// Good until the next call.
    const QStaticText& laidOut(const Key& key);

    const Theme& m_theme;
    std::array<std::optional<QFont>, 3> m_fonts;  ///< by Face: a font of one's own is slow to find
    QCache<Key, QStaticText> m_texts{kMostTexts};
};

}  // namespace ifrit::gui::widgets
