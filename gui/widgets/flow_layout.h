// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <QList>

namespace ifrit::gui::widgets {

/// Puts its widgets beside each other, and on a further line where there is no more room: for chips
/// of which nobody knows how many there will be. It needs no more width than its widest widget.
/// Hidden widgets take no place.
class FlowLayout : public QLayout {
public:
    explicit FlowLayout(int spacing);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override { return m_items.value(index); }
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return Qt::Horizontal; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    enum class Do { Measure, Place };
    /// Answers the height of all lines.
    int arrange(const QRect& rect, Do what) const;

    QList<QLayoutItem*> m_items;
};

}  // namespace ifrit::gui::widgets
