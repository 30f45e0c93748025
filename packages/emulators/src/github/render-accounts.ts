import type { RepositoryRecord, TeamRecord, UserRecord, World } from './world.ts';

/** An opaque node id of the look that GitHub gives them. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`;
}

export function iso(time: number): string {
  // GitHub's timestamps have no fraction of a second.
  return new Date(time).toISOString().replace(/\.\d{3}Z$/u, 'Z');
}

/** GitHub's `simple-user`. */
export function renderUser(world: World, user: UserRecord) {
  const api = `${world.url}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('U', user.id),
    avatar_url: `${world.url}/avatars/u/${user.id}`,
    gravatar_id: '',
    url: api,
    html_url: `${world.url}/${encodeURIComponent(user.login)}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** GitHub's `public-user`. */
export function renderProfile(world: World, user: UserRecord) {
  return {
    ...renderUser(world, user),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  };
}

export function renderTeam(world: World, team: TeamRecord, owner: string) {
  const api = `${world.url}/organizations/${owner}/team/${team.id}`;
  return {
    id: team.id,
    node_id: nodeId('T', team.id),
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    url: api,
    html_url: `${world.url}/orgs/${owner}/teams/${team.slug}`,
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
    permission: 'push',
    type: 'organization',
    organization_id: 0,
    parent: null,
  };
}

const linkTemplates = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
} as const;

export function repositoryUrl(world: World, repository: RepositoryRecord): string {
  return `${world.url}/repos/${repository.fullName}`;
}

/** GitHub's `minimal-repository`. */
export function renderMinimalRepository(world: World, repository: RepositoryRecord) {
  const api = repositoryUrl(world, repository);
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: renderUser(world, repository.owner),
    html_url: `${world.url}/${repository.fullName}`,
    description: null,
    fork: false,
    url: api,
    ...Object.fromEntries(
      Object.entries(linkTemplates).map(([key, template]) => [key, `${api}${template}`]),
    ),
  };
}

const unusedFeatures = {
  mirror_url: null,
  homepage: null,
  language: null,
  license: null,
  forks: 0,
  forks_count: 0,
  stargazers_count: 0,
  watchers: 0,
  watchers_count: 0,
  size: 0,
  open_issues: 0,
  open_issues_count: 0,
  network_count: 0,
  subscribers_count: 0,
  has_downloads: false,
  has_issues: true,
  has_projects: false,
  has_wiki: false,
  has_pages: false,
  has_discussions: false,
  archived: false,
  disabled: false,
};

/** GitHub's `full-repository`. */
export function renderRepository(world: World, repository: RepositoryRecord) {
  const web = `${world.url}/${repository.fullName}`;
  return {
    ...renderMinimalRepository(world, repository),
    ...unusedFeatures,
    clone_url: `${web}.git`,
    git_url: `${web}.git`,
    ssh_url: `${web}.git`,
    svn_url: web,
    default_branch: repository.defaultBranch,
    visibility: repository.private ? 'private' : 'public',
    pushed_at: iso(repository.createdAt),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.createdAt),
  };
}
