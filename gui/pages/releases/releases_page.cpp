// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/releases_page.h"

#include "gui/models/selection_keeper.h"
#include "gui/pages/freeze_button.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/figure_strip.h"
#include "gui/widgets/filter_line.h"

namespace ifrit::gui::pages {

using presenters::ReleasesPresenter;

ReleasesPage::ReleasesPage(const widgets::Theme& theme, ReleasesPresenter& presenter,
                           presenters::NewReleasePresenter& newRelease,
                           presenters::NewCampaignPresenter& newCampaign,
                           presenters::FreezePresenter& freeze, QWidget* parent)
    : Page(theme, parent),
      m_presenter(presenter),
      m_newRelease(newRelease),
      m_newCampaign(newCampaign),
      m_freeze(freeze),
      m_new(primaryButton({}, this)),
      m_discard(new QPushButton(this)),
      m_freezeButton(new FreezeButton(theme, freeze, this)),
      m_frozen(bannerLabel(this)),
      m_answer(new QLabel(this)),
      m_strip(new widgets::FigureStrip(theme, this)),
      m_filter(new widgets::FilterLine(this)),
      m_table(new widgets::DataTable(theme, this)),
      m_more(new QPushButton(this)) {
    actions()->addWidget(m_freezeButton);
    actions()->addWidget(m_discard);
    actions()->addWidget(m_new);
    tools()->addWidget(m_filter);
    pin(m_frozen);
    m_answer->setProperty("look", QLatin1String("fail"));
    m_answer->setWordWrap(true);
    m_answer->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_answer->hide();
    body()->addWidget(m_answer);
    body()->addWidget(m_strip);
    auto* panel = new widgets::Panel(theme, this);
    panel->body()->setContentsMargins(6, 6, 6, 6);
    m_table->setModel(&presenter.model());
    m_table->setObjectName(QStringLiteral("releases"));
    m_table->makeSortable();
    m_table->fitColumns();
    panel->body()->addWidget(m_table);
    panel->body()->addWidget(m_more, 0, Qt::AlignLeft);
    body()->addWidget(panel, 1);
    new models::SelectionKeeper(m_table->selectionModel(), [this](const QString& key) {
        return m_presenter.model().rowOfKey(key);
    });
    connect(m_table, &widgets::DataTable::opened, this, [this](const QModelIndex& index) {
        Q_EMIT releaseWanted(index.data(models::KeyRole).toString());
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& row) {
                // A list that is read again comes back to the same row.
                if (row.data(models::KeyRole).toString() != m_answerOf) m_answer->hide();
                updateDiscard();
            });
    connect(m_discard, &QPushButton::clicked, this, &ReleasesPage::discard);
    connect(&presenter.discard(), &presenters::DraftDiscard::told, this, &Page::told);
    connect(&presenter.discard(), &presenters::DraftDiscard::refused, this,
            [this](const QString& sentence) {
                m_answer->setText(sentence);
                m_answer->show();
            });
    connect(&presenter.discard(), &presenters::DraftDiscard::closed, m_answer, &QWidget::hide);
    offer({m_discard}, [this] {
        const services::ReleaseInfo* release = chosen();
        return release == nullptr ? QString() : models::toText(release->release.spec.agent);
    });
    connectFilter(*m_filter, *m_table);
    connect(m_filter, &widgets::FilterLine::filtered, &presenter, &ReleasesPresenter::setFilter);
    connect(m_new, &QPushButton::clicked, this, &ReleasesPage::create);
    connect(m_more, &QPushButton::clicked, &presenter, &ReleasesPresenter::more);
    connect(&presenter, &ReleasesPresenter::changed, this, &ReleasesPage::update);
    connect(&freeze, &presenters::FreezePresenter::changed, this, &ReleasesPage::update);
    connect(&newRelease, &presenters::NewReleasePresenter::started, this,
            &ReleasesPage::releaseWanted);
    connect(&newRelease, &presenters::NewReleasePresenter::saved, this,
            &ReleasesPage::releaseWanted);
    answerNotice({[this] { m_filter->clear(); }, [this] { create(); }});
    retranslate();
}

ExportTable ReleasesPage::exportOf(const widgets::DataTable& table) const {
    ExportTable out = Page::exportOf(table);
    if (&table != m_table) return out;
    if (m_filter->filters()) {
        out.all = [this] { return m_presenter.rows(); };
    } else if (m_presenter.hasMore()) {
        out.shown = [this] { return m_presenter.rows(); };
    }
    return out;
}

void ReleasesPage::retranslate() {
    setTitle(viewName());
    m_new->setText(withKey(tr("New release…"), QStringLiteral("new-release")));
    m_discard->setText(tr("Discard draft…"));
    m_more->setText(tr("Load more"));
    m_filter->setWords(tr("Filter by number, agent, version, state, reason…"),
                       tr("Filter of the releases"));
    m_table->setAccessibleName(tr("Releases"));
    // A sentence of the language before.
    m_answer->hide();
    update();
}

void ReleasesPage::update() {
    show(m_presenter.notice());
    setFacts(m_presenter.countLine());
    m_frozen->setText(m_freeze.line());
    m_frozen->setVisible(!m_frozen->text().isEmpty());
    m_strip->setFigures(m_presenter.figures());
    m_table->setEmptyText(m_presenter.emptyLine());
    m_more->setVisible(m_presenter.hasMore());
    apply(m_new, m_presenter.createAction());
    updateDiscard();
}

void ReleasesPage::focusFilter() {
    m_filter->focusLine();
}

bool ReleasesPage::escape() {
    if (m_filter->filters()) {
        m_filter->clear();
        return true;
    }
    if (!m_table->currentIndex().isValid()) return false;
    m_table->clearSelection();
    m_table->setCurrentIndex({});
    return true;
}

const services::ReleaseInfo* ReleasesPage::chosen() const {
    return m_presenter.find(m_table->currentIndex().data(models::KeyRole).toString());
}

void ReleasesPage::updateDiscard() {
    apply(m_discard, m_presenter.discard().action(chosen()));
}

void ReleasesPage::discard() {
    m_answer->hide();
    const services::ReleaseInfo* release = chosen();
    if (!m_presenter.discard().action(release).enabled()) return;
    // The list may be another one once the sheet is closed.
    const services::ReleaseInfo draft = *release;
    widgets::DangerSheet sheet(theme(), m_presenter.discard().facts(draft), this);
    sheet.follow(m_presenter, &presenters::ReleasesPresenter::changed, [this, &draft] {
        const auto* now = m_presenter.find(models::toText(draft.release.id));
        return now == nullptr ? widgets::DangerSheet::gone()
                              : m_presenter.discard().action(now).whyNot;
    });
    if (sheet.exec() != QDialog::Accepted) return;
    // The button goes off, and its neighbour, which freezes everything, is not to get the keyboard.
    m_table->setFocus();
    m_answerOf = models::toText(draft.release.id);
    m_presenter.discard().discard(draft, sheet.reason());
}

void ReleasesPage::create() {
    if (!m_presenter.createAction().enabled()) return;
    NewReleaseDialog dialog(theme(), m_newRelease, this, &m_newCampaign);
    dialog.exec();
    if (dialog.madeCampaign()) Q_EMIT campaignsWanted();
}

}  // namespace ifrit::gui::pages
