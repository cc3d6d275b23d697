// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;

namespace ifrit::gui::widgets {
class DataTable;
}

namespace ifrit::gui::pages {

/// A table of a list that comes by pages, and below it how many rows there are and the button that
/// reads on: a list that ends where its first page did must not look whole.
class MoreRows : public QWidget {
    Q_OBJECT
public:
    /// `more` is called when the button is pressed.
    MoreRows(widgets::DataTable& table, std::function<void()> more, QWidget* parent);
    /// What was read is in the table now.
    void setMore(bool hasMore);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void count();
    const widgets::DataTable& m_table;
    QPushButton* m_more;
    QLabel* m_count;
    bool m_hasMore = false;
};

}  // namespace ifrit::gui::pages
