// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSplitter>

namespace ifrit::gui::widgets {

class Theme;

/// Parts beside or above each other with handles in between that are seen, reached with Tab and
/// moved with the arrow keys. No part can be moved away whole.
class Splitter : public QSplitter {
    Q_OBJECT
public:
    static constexpr int kHandle = 12;  ///< pixels
    static constexpr int kStep = 16;    ///< of an arrow key

    Splitter(const Theme& theme, Qt::Orientation orientation, QWidget* parent);

    /// Two parts are of these sizes, in pixels, in as much room as both take. In less room both
    /// become smaller alike, as far as the second one's minimum lets it; in more the first one has
    /// what is left. Until somebody moves the handle.
    void shareOut(const QList<int>& sizes);
    /// The handle is where somebody has put it, now or before.
    bool isMoved() const { return m_isMoved; }
    void setMoved(bool moved) { m_isMoved = moved; }
    bool sharesOut() const { return !m_shares.isEmpty(); }

    /// A part has been made smaller than it likes to be, and has given something up for it. The
    /// layout remembers it with the handles.
    bool isTight() const { return m_isTight; }
    void setTight(bool tight) {
        if (tight == m_isTight) return;
        m_isTight = tight;
        Q_EMIT tightChanged();
    }

Q_SIGNALS:
    void tightChanged();
    /// Somebody begins to move a handle, by mouse or key, and has ended to.
    void taken();
    void released();

protected:
    QSplitterHandle* createHandle() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    const Theme& m_theme;
    QList<int> m_shares;
    bool m_isMoved = false;
    bool m_isTight = false;
};

}  // namespace ifrit::gui::widgets
