// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>

class QPushButton;

namespace ifrit::gui::widgets {
class DataTable;
}

namespace ifrit::gui::pages {

/// A table of a list that comes by pages, and below it the button that reads on: a list that ends
/// where its first page did must not look whole.
class MoreRows : public QWidget {
    Q_OBJECT
public:
    /// `more` is called when the button is pressed.
    MoreRows(widgets::DataTable& table, std::function<void()> more, QWidget* parent);
    void setMore(bool hasMore);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    QPushButton* m_more;
};

}  // namespace ifrit::gui::pages
